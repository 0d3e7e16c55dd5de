"""A task over HTTP from Python: started, watched over its stream, which is taken up again where it broke, and its answer printed."""

import json
import os
import sys
import time

import requests

URL = os.environ.get("MUSTER_URL", "http://127.0.0.1:8234")
KEY = os.environ.get("MUSTER_API_KEY")
HEADERS = {"authorization": f"Bearer {KEY}"} if KEY else {}


def events(path):
    """The frames of a stream as (event, data), each numbered one once. Ends behind `done`."""
    last = None
    while True:
        headers = {**HEADERS, "accept": "text/event-stream", **({"last-event-id": last} if last else {})}
        try:
            # A gateway says something every 14 seconds.
            with requests.get(URL + path, headers=headers, stream=True, timeout=(5, 45)) as stream:
                stream.raise_for_status()
                if stream.status_code == 204:
                    return
                fields = {}
                for line in stream.iter_lines(decode_unicode=True):
                    if line:
                        name, _, value = line.partition(":")
                        fields[name] = value.removeprefix(" ")
                    elif "data" in fields:
                        last = fields.get("id", last)
                        yield fields.get("event"), json.loads(fields["data"])
                        if fields.get("event") == "done":
                            return
                        fields = {}
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
            pass
        time.sleep(1)


goal, *sources = sys.argv[1:] or ["What does this say?"]
started = requests.post(f"{URL}/tasks", json={"goal": goal, "sources": sources or ["docs"]}, headers=HEADERS, timeout=30)
if started.status_code != 202:
    sys.exit(f"{started.status_code}: {started.json()['detail']}")
urls = started.json()["urls"]
for event, data in events(urls["events"]):
    if event not in ("live", "answer.delta"):
        print(data.get("n", ""), event, file=sys.stderr)
print(requests.get(URL + urls["result"], headers={**HEADERS, "accept": "text/markdown"}, timeout=30).text)
