"""A mail server for the tests: aiosmtpd. It says on its output what it was given, one line of JSON each; the first one
is the port it listens on. It ends when its input does.

Arguments, each NAME=VALUE: tls (none, starttls, wrapper), certificate and key (files), user and password (of whom it
lets in; without them everybody), first (its answer to the first letter; it takes every other).
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

SETTINGS = dict(argument.split("=", 1) for argument in sys.argv[1:])


def say(**what):
    print(json.dumps(what), flush=True)


def read(content):
    """The letter as another program than the sender understands it."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    attachments = [
        {
            "name": part.get_filename(),
            "type": part.get_content_type(),
            "begins": part.get_content()[:5].decode("latin-1"),
        }
        for part in message.iter_attachments()
    ]
    return {
        "headers": {name: str(value) for name, value in message.items()},
        "text": message.get_body(("plain",)).get_content(),
        "html": message.get_body(("html",)).get_content(),
        "attachments": attachments,
        "defects": [repr(defect) for part in message.walk() for defect in part.defects],
    }


class Inbox:
    answer = SETTINGS.get("first", "250 taken")

    async def handle_DATA(self, server, session, envelope):
        answer, self.answer = self.answer, "250 taken"
        say(
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            encrypted=server.transport.get_extra_info("sslcontext") is not None,
            authenticated=bool(session.authenticated),
            answer=answer,
            **read(envelope.content),
        )
        return answer


def authenticate(server, session, envelope, mechanism, login):
    expected = (SETTINGS["user"].encode(), SETTINGS["password"].encode())
    return AuthResult(success=(login.login, login.password) == expected, handled=False)


async def main():
    context = None
    if SETTINGS["tls"] != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(SETTINGS["certificate"], SETTINGS["key"])
    inbox = Inbox()

    def conversation():
        return SMTP(
            inbox,
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context if SETTINGS["tls"] == "starttls" else None,
            # It does not see a connection that was TLS from its first byte; without any, it asks for a password
            # all the same, to see whether one comes.
            auth_require_tls=SETTINGS["tls"] == "starttls",
            auth_required="user" in SETTINGS,
            authenticator=authenticate if "user" in SETTINGS else None,
        )

    wrapper = context if SETTINGS["tls"] == "wrapper" else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(conversation, "127.0.0.1", 0, ssl=wrapper)
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
asyncio.run(main())
