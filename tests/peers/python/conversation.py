"""The conversation with the test: a line of JSON in, the address of the sign-in
out, the address the citizen came back to in, a line of JSON out."""

import json
import sys


def heard():
    return json.loads(sys.stdin.readline())


def came_back(address):
    print(address, flush=True)
    return sys.stdin.readline().strip()


def report(**done):
    print(json.dumps(done), flush=True)
