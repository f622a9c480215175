"""A store of files for tests: moto's S3 server, with a door that checks each signature as AWS's own library makes it.

moto itself believes every signed address. This door makes the signature anew from the secret key, with botocore, and answers 403 where
it is another. It prints its address, makes the bucket `drempel-files`, and runs until it is stopped.
"""

import datetime
import sys
import urllib.parse
from unittest import mock

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

KEY, SECRET, REGION = "test-key", "test-secret", "eu-test"
BUCKET = "drempel-files"


def expected(environ, query):
    """The signature that the owner of the secret makes for this call at the moment it names."""
    moment = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    url = f"http://{environ['HTTP_HOST']}{urllib.parse.quote(environ['PATH_INFO'])}"
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=url)
    request.context["timestamp"] = query["X-Amz-Date"]
    auth = S3SigV4QueryAuth(Credentials(KEY, SECRET), "s3", REGION, expires=int(query["X-Amz-Expires"]))
    with mock.patch("botocore.auth.get_current_datetime", return_value=moment):
        auth.add_auth(request)
    return urllib.parse.parse_qs(urllib.parse.urlsplit(request.url).query)


def door(store):
    def answer(environ, start_response):
        query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
        ours = expected(environ, query) if "X-Amz-Signature" in query else {}
        same = all(query.get(name) == ours.get(name, [None])[0] for name in ("X-Amz-Credential", "X-Amz-Signature"))
        if not ours or not same:
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>SignatureDoesNotMatch</Code></Error>"]
        return store(environ, start_response)

    return answer


def main():
    store = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, door(store), threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    made = []
    environ = {
        "REQUEST_METHOD": "PUT", "PATH_INFO": f"/{BUCKET}", "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.port), "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": f"127.0.0.1:{server.port}",
        "wsgi.url_scheme": "http", "wsgi.input": sys.stdin.buffer, "CONTENT_LENGTH": "0", "wsgi.errors": sys.stderr,
    }
    list(store(environ, lambda status, headers, info=None: made.append(status)))
    if not made[0].startswith("200"):
        sys.exit(f"the bucket could not be made: {made[0]}")
    print(address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
