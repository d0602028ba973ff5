"""Is a field of a customer card possible? Each check returns the field's one proper spelling or says what is wrong with it.

The numbers are checked by their standards: GB 11643-1999 (resident identity number) and GB 32100-2015 (unified social credit code),
computed by python-stdnum. A check tells what is *possible*; that it is *true* only the document, or the customer, can tell.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from ..core.errors import CrmError

TODAY = dt.date(2025, 12, 31)
"""The day on which the exercises of this chapter take place."""

PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
    for code in range(first, last + 1)
)
"""First two digits of the address codes (GB/T 2260; 81 to 83 are residence permits of Hong Kong, Macao and Taiwan residents)."""


class FieldError(CrmError, ValueError):
    """What stands in a field cannot be; also a :class:`ValueError`, so that pydantic collects it."""


class UnfinishedError(FieldError):
    """What stands in a field may become right when more is typed."""


def identity_number(value: Any) -> str:
    """Return a resident identity number, 18 characters.

    Checked are the signs, the province, the date of birth and the check digit, not the county: python-stdnum refuses counties that its
    list does not hold in the year of birth, which hits real numbers too (and raises ``KeyError`` for some prefixes).

    Raises
    ------
    FieldError
        Which part is wrong.
    """
    number = compact(value)
    _length(number, 18)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise FieldError("field.identity.signs")
    if number[:2] not in PROVINCES:
        raise FieldError("field.identity.province", given=number[:2])
    birth = born(number)
    if birth is None or not dt.date(1900, 1, 1) <= birth <= TODAY:
        raise FieldError("field.identity.birth", given=number[6:14])
    if number[-1] != ric.calc_check_digit(number):
        raise FieldError("field.identity.digit")
    return number


def born(number: str) -> dt.date | None:
    """Return the date of birth in an identity number (digits 7 to 14), or ``None`` if there is no such day."""
    try:
        return ric.get_birth_date(number)
    except (ValidationError, ValueError, IndexError):
        return None


def gender_of(number: str) -> str:
    """Return ``"male"`` or ``"female"``: the last digit but one of an identity number is odd for men, even for women."""
    return "male" if int(number[16]) % 2 else "female"


def social_credit_code(value: Any) -> str:
    """Return a unified social credit code, 18 characters; small letters become capitals.

    Raises
    ------
    FieldError
        Length, signs or check character.
    """
    code = compact(value)
    _length(code, 18)
    try:
        return uscc.validate(code)
    except InvalidChecksum as error:
        raise FieldError("field.uscc.digit") from error
    except ValidationError as error:
        wrong = [
            sign
            for place, sign in enumerate(code)
            if sign not in ("0123456789" if place < 8 else "0123456789ABCDEFGHJKLMNPQRTUWXY")
        ]
        raise FieldError("field.uscc.signs", given="".join(dict.fromkeys(wrong))) from error


def mobile(value: Any) -> str:
    """Return a mobile number of the mainland, 11 digits; +86, blanks and hyphens are taken off."""
    number = re.sub(r"^(?:\+|00)86", "", compact(value))
    if not number.isdigit():
        raise FieldError("field.mobile.signs")
    if not "13".startswith(number[:2]) and not re.match("1[3-9]", number):
        raise FieldError("field.mobile.start", given=number[:2])
    _length(number, 11)
    return number


def telephone(value: Any) -> str:
    """Return a telephone number as area code, hyphen, local number (an extension may follow after another hyphen)."""
    number = re.sub(r"[\s()]", "-", text(value)).strip("-")
    number = re.sub(r"-+", "-", number)
    if not re.fullmatch(r"0[0-9]{2,3}-[2-9][0-9]{6,7}(-[0-9]{1,5})?", number):
        growing = re.fullmatch(r"0[0-9]{0,3}(-[2-9]?[0-9]{0,6})?", number)
        raise (UnfinishedError if growing else FieldError)("field.phone")
    return number


def postcode(value: Any) -> str:
    """Return a postal code, six digits."""
    code = compact(value)
    if not code.isdigit():
        raise FieldError("field.postcode")
    if code[0] == "9":
        raise FieldError("field.postcode.start", given=code[0])
    _length(code, 6)
    return code


def email(value: Any) -> str:
    """Return an e-mail address; whether it delivers is not asked (that would need the network)."""
    address = text(value)
    name, sign, domain = address.partition("@")
    if not sign or not domain:
        unfinished = re.fullmatch(r"[\w.+-]+@?", address, re.ASCII)
        raise UnfinishedError("field.email.sign") if unfinished else FieldError("field.email.sign")
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        labels = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.?", domain, re.IGNORECASE)
        growing = labels and not re.search(r"\s", name) and ("." not in domain or len(domain.rpartition(".")[2]) < 2)
        raise (UnfinishedError if growing else FieldError)("field.email") from error


def day(value: Any) -> dt.date:
    """Return a date that is not in the future; 2025-3-8, 2025/3/8, 2025.3.8 and 2025年3月8日 are all the 8th of March."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        written = text(value)
        found = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?", written)
        if not found:
            growing = re.fullmatch(r"\d{1,4}(\D\d{0,2}(\D)?)?", written)
            raise UnfinishedError("field.date.unfinished") if growing else FieldError("field.date")
        try:
            value = dt.date(*map(int, found.groups()))
        except ValueError as error:
            raise UnfinishedError("field.date.unfinished") if found[3] == "0" else FieldError("field.date") from error
    if value > TODAY:
        raise FieldError("field.date.future", given=value.isoformat())
    return value


def count(value: Any) -> int:
    """Return a whole number, not below 0; thousands separators are taken off."""
    number = amount(value, "field.count")
    if number != int(number):
        raise FieldError("field.count")
    return int(number)


def amount(value: Any, wrong: str = "field.amount") -> float:
    """Return a number, not below 0; thousands separators are taken off."""
    try:
        number = float(text(value).replace(",", ""))
    except ValueError as error:
        raise FieldError(wrong) from error
    if not 0 <= number < float("inf"):
        raise FieldError(wrong)
    return number


def year(value: Any) -> int:
    """Return a calendar year from 1950 to the present one."""
    written = text(value)
    if not written.isdigit() or (len(written) >= 4 and not 1950 <= int(written) <= TODAY.year):
        raise FieldError("field.year")
    if len(written) < 4:
        raise UnfinishedError("field.year")
    return int(written)


def text(value: Any) -> str:
    """Return a text without blanks around it, full-width signs made half width."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | dt.date):
        raise FieldError("field.text")
    return unicodedata.normalize("NFKC", str(value)).strip()


def compact(value: Any) -> str:
    """Return a number as text, in capitals, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text(value)).upper()


def _length(given: str, wanted: int) -> None:
    if len(given) > wanted:
        raise FieldError("field.long", given=len(given), wanted=wanted)
    if len(given) < wanted:
        raise UnfinishedError("field.short", given=len(given), wanted=wanted)
