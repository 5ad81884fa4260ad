"""Items: an API takes them in, a queue hands them to workers, a job tidies up at night."""
