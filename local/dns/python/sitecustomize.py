"""Loaded into every Python process of the run by PYTHONPATH: what names.cjs is for Node.

It makes the names of the VPC resolve, keeps "localhost" private to a task, and binds servers that listen on every address to the task's own.
Servers also find it in HOST and PORT.
  MESH_NAMES  the JSON file of names-table.ts
  MESH_SELF   this task's ports, as JSON: {"5000": {"address": "127.20.0.1", "port": 5000}}
"""

import itertools
import json
import os
import socket
import time

_file = os.environ.get("MESH_NAMES")
_self = json.loads(os.environ.get("MESH_SELF", "{}"))
_any = {"", "0.0.0.0", "::"}
_localhost = {"localhost", "127.0.0.1", "::1"}
_turns = itertools.count()
_names = {}
_read_at = 0.0
_stamp = 0


def _table():
    global _names, _read_at, _stamp
    now = time.monotonic()
    if _file and now - _read_at > 0.1:
        _read_at = now
        try:
            stamp = os.stat(_file).st_mtime_ns
            if stamp != _stamp:
                with open(_file, encoding="utf8") as file:
                    _names = json.load(file)["names"]
                _stamp = stamp
        except OSError:
            pass  # the file goes when the run ends; the last known names do for that moment
    return _names


def _route(host, port):
    if host in _localhost:
        own = _self.get(str(port))
        return (own["address"], own["port"]) if own else (host, port)
    targets = _table().get(str(host).lower().rstrip(".")) if isinstance(host, str) else None
    if not targets:
        return host, port
    target = targets[next(_turns) % len(targets)]
    return target["address"], target.get("ports", {}).get(str(port), port)


_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, port, *args, **options):
    return _getaddrinfo(*_route(host, port), *args, **options)


socket.getaddrinfo = getaddrinfo

_connect = socket.socket.connect


def connect(self, address):
    if self.family == socket.AF_INET and isinstance(address, tuple):
        address = _route(*address)
    return _connect(self, address)


socket.socket.connect = connect

_bind = socket.socket.bind


def bind(self, address):
    if isinstance(address, tuple) and self.family == socket.AF_INET and address[0] in _any:
        own = _self.get(str(address[1]))
        if own:
            address = (own["address"], own["port"])
    return _bind(self, address)


socket.socket.bind = bind
