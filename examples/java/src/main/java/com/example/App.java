package com.example;

import io.github.cdkecsmesh.GeolocationReferenceApp;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;

/** Two stacks: {@link Shop}, and the geolocation app. */
public final class App {
    private App() {}

    public static void main(String[] args) {
        var app = new software.amazon.awscdk.App();
        var props = StackProps.builder().env(Environment.builder().region("us-east-1").build()).build();
        new Shop(app, "Shop", props);
        new GeolocationReferenceApp(new Stack(app, "Geolocation", props), "Geo");
        app.synth();
    }
}
