"""Stripe for the tests: localstripe, with what Stripe does and it does not: idempotency keys, times of a list, and no
refund of more than was charged. Its argument is the time, in seconds; the first line of its output is the port it
listens on. It ends when its input does.

POST /_config/next with what is done with the next request that moves money:
  lose          it is not done, and the connection breaks off
  lose_answer   it is done, and the connection breaks off
  fail          it is not done: 500
  garble        it is done, and the answer is none of Stripe
  hang          it is done, and there is no answer in any time
GET /_config/moved: what was charged and not given back.
"""

import asyncio
import json
import os
import sys
import threading
import types

from aiohttp import web
from localstripe import resources, server
from localstripe.errors import UserError
from localstripe.resources import Charge, PaymentMethod, Refund, store

NEXT = []
ANSWERS = {}


def moves_money(request):
    path = request.path
    return request.method == "POST" and (
        path in ("/v1/payment_intents", "/v1/refunds") or path.endswith(("/cancel", "/confirm"))
    )


def break_off(request):
    request.transport.abort()
    return web.Response()


@web.middleware
async def outages(request, handler):
    behaviour = NEXT.pop(0) if NEXT and moves_money(request) else None
    if behaviour == "lose":
        return break_off(request)
    if behaviour == "fail":
        return web.Response(status=500, text="<html>Internal error</html>")
    answer = await handler(request)
    if behaviour == "lose_answer":
        return break_off(request)
    if behaviour == "hang":
        await asyncio.sleep(3600)
    if behaviour == "garble":
        return web.Response(text='{"object": "unfathomable"')
    return answer


@web.middleware
async def idempotency(request, handler):
    """The first answer of a key stays, whatever it is; with other parameters the key is refused."""
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return await handler(request)
    asked = (request.path, await request.text())
    if key not in ANSWERS:
        answer = await handler(request)
        ANSWERS[key] = (asked, answer.status, answer.text)
    before, status, text = ANSWERS[key]
    if before != asked:
        error = {"type": "idempotency_error", "message": "Keys can only be used with the same parameters."}
        return web.json_response({"error": error}, status=400)
    return web.Response(status=status, text=text, content_type="application/json")


@web.middleware
async def more_like_stripe(request, handler):
    if request.method == "POST" and request.path == "/v1/refunds":
        form = await request.post()
        intent = store.get("payment_intent:" + form["payment_intent"])
        charge = intent and intent.latest_charge
        if charge and charge.amount_refunded + int(form["amount"]) > charge.amount:
            raise UserError(400, "Charge has already been refunded.", {"code": "charge_already_refunded"})
    if request.method == "GET" and request.path == "/v1/payment_intents":
        query = request.query
        times = range(int(query["created[gte]"]), int(query["created[lte]"]) + 1)
        found = [o for k, o in store.items() if k.startswith("payment_intent:") and o.created in times]
        found.reverse()
        if "starting_after" in query:
            found = found[1 + [o.id for o in found].index(query["starting_after"]):]
        limit = int(query["limit"])
        page = {"data": [o._export() for o in found[:limit]], "has_more": len(found) > limit}
        return web.json_response(page)
    return await handler(request)


async def next_behaviour(request):
    NEXT.append(await request.text())
    return web.Response()


async def moved(request):
    charged = sum(o.amount for o in store.values() if isinstance(o, Charge) and o.status == "succeeded")
    given_back = sum(o.amount for o in store.values() if isinstance(o, Refund))
    return web.json_response(charged - given_back)


async def main():
    store.dump_to_disk = lambda: None
    # A card that is declined when it is kept is declined when it is charged.
    charging = PaymentMethod._charging_is_declined
    PaymentMethod._charging_is_declined = lambda it: charging(it) or it._attaching_is_declined()
    # Its clock stands where ours does.
    resources.time = types.SimpleNamespace(time=lambda: float(sys.argv[1]))
    app = server.app
    at = app.middlewares.index(server.auth_middleware)
    app.middlewares[at + 1:at + 1] = [more_like_stripe]
    app.middlewares[:0] = [outages, idempotency]
    app.router.add_post("/_config/next", next_behaviour)
    app.router.add_get("/_config/moved", moved)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    await asyncio.Event().wait()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
asyncio.run(main())
