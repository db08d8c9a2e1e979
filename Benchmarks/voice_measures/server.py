"""The program under test: `annie up` on a free port, with memory and files of its own, and what it costs the machine."""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("ANNIE_BINARY", ROOT / ".build/release/annie"))
MODELS = pathlib.Path(os.environ.get("ANNIE_MODELS")
                      or pathlib.Path(os.environ.get("ANNIE_CACHE", pathlib.Path.home() / ".cache/annie")) / "models")

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Started on entry, stopped on exit; what it keeps is in a folder that goes with it."""

    def __init__(self, *arguments, greeting=False, persona=None, key=None, options=None):
        self.folder = tempfile.TemporaryDirectory(prefix="annie-measures-")
        home = pathlib.Path(self.folder.name)
        self.port = free_port()
        # An address that others can reach is served with a certificate made on the spot.
        self.certificate = home / "annie/certificate/certificate.pem" if "--host" in arguments else None
        self.url = f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"
        self.log = home / "log.txt"
        arguments = ["--port", str(self.port), "--log-level", "warning", *arguments]
        if not greeting:
            arguments.append("--no-greeting")
        self.key = {"Authorization": f"Bearer {key}"} if key else {}
        if key:
            arguments += ["--api-key", key]
        if persona:
            (home / "persona.yaml").write_text(persona)
            arguments += ["--persona", str(home / "persona.yaml")]
        if options:
            (home / "annie.yaml").write_text(options)
        self.command = [BINARY, "up", *arguments]
        self.environment = os.environ | {"XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        self.process = None

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stderr=log, cwd=self.folder.name)
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                # The voice too, whose models are loaded by a process of its own.
                if self.request("GET", "/health")[0] == 200 and self.status()["voice"]["hearing"]:
                    return self
            time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"annie up was not ready within two minutes:\n{self.log.read_text()}")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "none: it did not end within 30 s"
        if status != 0:
            print(f"the server ended with status {status}:\n{self.log.read_text()}")
        self.folder.cleanup()

    def request(self, method, path, body=None, headers=None):
        """Status and text; `body` is JSON, or bytes as they are."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"} | self.key | (headers or {}),
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=60, context=self.trust) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    @property
    def trust(self):
        return ssl.create_default_context(cafile=self.certificate) if self.certificate else None

    def status(self):
        return json.loads(self.request("GET", "/v1/status")[1])

    def annie(self, *words):
        """What another command prints beside the running server."""
        return subprocess.run([BINARY, *words], env=self.environment, cwd=self.folder.name, check=True,
                              capture_output=True, text=True).stdout

    def metric(self, name):
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.request("GET", "/metrics")[1], re.M)
        return float(found.group(1)) if found else 0.0

    @property
    def processes(self):
        """The server and its children, the speech worker among them."""
        main = self.process.pid
        found = [main]
        for task in pathlib.Path(f"/proc/{main}/task").iterdir():
            with contextlib.suppress(OSError):
                found += [int(child) for child in (task / "children").read_text().split()]
        return found

    @property
    def workers(self):
        return self.processes[1:]

    def processor_seconds(self):
        """Time on a processor so far, of all its processes."""
        ticks = 0
        for pid in self.processes:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def footprint(self):
        """Resident MiB, open descriptors and threads of the server and of its worker."""
        def of(pid):
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            number = lambda key: int(re.search(rf"^{key}:\s+(\d+)", status, re.M).group(1))
            return {"MiB": number("VmRSS") / 1024, "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
                    "threads": number("Threads")}
        names = ["server"] + ["worker"] * len(self.workers)
        return dict(zip(names, map(of, self.processes)))
