"""A web server for web.yml, gone by itself after some minutes: what one asks for it answers, always in the same words."""
import base64
import http.server
import json
import signal
import sys

ANSWERS = {
    '/json': (200, 'application/json', b'{"a": [1, true, null], "b": "x"}', {}),
    '/problem': (400, 'application/problem+json; charset=utf-8', b'{"title": "no"}', {}),
    '/bad': (200, 'application/json', b'{"a": ', {}),
    '/latin': (200, 'text/plain; charset=iso-8859-1', b'caf\xe9', {}),
    '/gone': (404, 'text/plain', b'not here', {}),
    '/none': (204, 'text/plain', b'', {}),
    '/moved': (302, 'text/plain', b'moved', {'Location': '/json'}),
    '/cookie': (200, 'text/plain', b'c', {'Set-Cookie': 'sid=abc; Path=/'}),
    '/file': (200, 'text/plain', b'body\n', {}),
    '/dated': (200, 'text/plain', b'dated\n', {'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT'}),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        said = {'method': self.command, 'type': self.headers.get('Content-Type'), 'own': self.headers.get('X-Own'), 'body': body.decode()}
        status, kind, text, more = ANSWERS.get(self.path, (200, 'application/json', json.dumps(said).encode(), {}))
        if self.path == '/dated' and self.headers.get('If-Modified-Since'):
            status, text = 304, b''
        if self.path == '/secret' and self.headers.get('Authorization') != 'Basic ' + base64.b64encode(b'joe:pass').decode():
            status, more = 401, {'WWW-Authenticate': 'Basic realm="x"'}
        self.send_response_only(status)
        for name, value in {'Content-Type': kind, 'Content-Length': str(len(text)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer


signal.alarm(300)
http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
