"""Starts ministack on loopback with what it lacks: `python scripts/lifecycle/engine`, with GATEWAY_PORT, BRIDGE_PORT and SCHEMAS in the environment."""
import os

os.environ.update(BIND_HOST="127.0.0.1", MINISTACK_HOST="127.0.0.1", IOT_MTLS_ENABLED="0", LOG_LEVEL="ERROR")

import ministack.app
import bridge
import functions
import life
import missing

life.install()
missing.install()
functions.install()
bridge.start(int(os.environ["BRIDGE_PORT"]))
ministack.app.main()
