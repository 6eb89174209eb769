"""The settings of the web server, read by gunicorn where it starts; its options come before these."""

bind = "127.0.0.1:8000"
# Loaded once, then forked: half the time of starting, less memory, and a fresh process costs next to nothing.
# So new code comes by a restart, not by HUP.
preload_app = True
worker_class = "gthread"
threads = 8
# Processes: WEB_CONCURRENCY, gunicorn's own variable. One on SQLite, whose write lock holds within a process.
# Against slow leaks; seldom, for while one process starts anew the open connections all go to the other.
max_requests = 20_000
max_requests_jitter = 2_000
timeout = 60
graceful_timeout = 20
control_socket_disable = True
# Requests are logged by the proxy in front, which knows the visitor's address.
accesslog = None
