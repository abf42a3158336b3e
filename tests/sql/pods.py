"""Stands in for the few calls of the Kubernetes API by which Sail starts and ends its workers: a pod is a process here, so
that one can be watched and killed by itself. Engine, scheduler and shuffle are Sail's own.

usage: pods.py SAIL PORT FOLDER   (each worker writes FOLDER/NAME.log; its name and id are printed)
"""
import http.server
import json
import os
import subprocess
import sys

sail, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
pods = {}


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def say(self, told, code=200):
        told = json.dumps(told).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def do_POST(self):
        pod = json.loads(self.body())
        name = pod["metadata"]["name"]
        env = dict(os.environ)
        for one in pod["spec"]["containers"][0]["env"]:
            # What has no value is the pod's address.
            env[one["name"]] = one.get("value") or "127.0.0.1"
        env["SAIL_CLUSTER__WORKER_LISTEN_HOST"] = "127.0.0.1"
        with open(os.path.join(folder, name + ".log"), "w") as log:
            pods[name] = subprocess.Popen([sail, "worker"], env=env, stdout=log, stderr=subprocess.STDOUT)
        print(name, pods[name].pid, flush=True)
        pod["metadata"].update(uid=name, namespace="default")
        pod["status"] = {"phase": "Running", "podIP": "127.0.0.1"}
        self.say(pod, 201)

    def do_GET(self):
        self.say({"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": []})

    def do_DELETE(self):
        self.body()
        name = self.path.split("?")[0].rsplit("/", 1)[1]
        for own, pod in pods.items():
            if name in (own, "pods"):
                pod.terminate()
        self.say({"apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Success"})


http.server.ThreadingHTTPServer(("127.0.0.1", port), Api).serve_forever()
