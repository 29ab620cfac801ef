"""What the description says in words only: white space around a value does not count, an empty parameter is as none,
an account is the merchant's, a code is used once and never changed, and an e-mail address is one that mail reaches."""

import re
from itertools import count

import schemathesis

ACCOUNT_ID = 2001
CODE_MAX = 50
# Of the addresses that the format makes up, those whose names are not too long for the internet.
EMAIL = re.compile(r"\s*[A-Za-z0-9_+-]{1,64}@([A-Za-z0-9]{1,63}\.)+[A-Za-z]{2,63}\s*")
numbers = count(1)


def is_positive(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


def is_padded(value):
    return isinstance(value, str) and value != value.strip()


@schemathesis.hook
def filter_case(context, case):
    """Not wrong after all: what is too long, or no number, only by its white space, and a parameter without value."""
    if is_positive(case):
        return True
    query = (case.query or {}).values()
    body = case.body.values() if isinstance(case.body, dict) else []
    return not any(value == "" or is_padded(value) for value in query) and not any(map(is_padded, body))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes a right request one that this merchant can fulfil."""
    if not is_positive(case) or not isinstance(case.body, dict):
        return
    if case.body.pop("accountId", None):
        case.body["accountId"] = ACCOUNT_ID
    if case.body.get("email") and not EMAIL.fullmatch(case.body["email"]):
        case.body["email"] = "ann@example.com"
    if case.operation.method.upper() == "POST":
        case.body.pop("code", None)
    elif case.body.get("code"):
        case.body["code"] = f"{next(numbers)}-{case.body['code']}"[:CODE_MAX]
