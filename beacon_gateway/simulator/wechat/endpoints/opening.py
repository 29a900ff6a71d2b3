"""`/shakearound/account/…`: opening the service, and how far that is."""

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.registration import RegistrationForm


def register(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    if "qualification_cert_urls" not in fields:
        raise EmulatedError(9001044)
    form = RegistrationForm(
        name=fields.text("name"),
        phone_number=fields.text("phone_number"),
        email=fields.text("email"),
        industry_id=fields.text("industry_id"),
        qualification_cert_urls=fields.texts("qualification_cert_urls"),
        apply_reason=fields.text("apply_reason", ""),
    )
    account.registration.submit(form, account.materials, account.now())
    return {"data": {}}


def auditstatus(account: EmulatedAccount, _request: ApiRequest) -> Reply:
    """Raises 9001020 when the account never asked, which is undocumented."""
    registration = account.registration
    if registration.audit_status is None:
        raise EmulatedError(9001020)
    return {
        "data": {
            "apply_time": registration.apply_time,
            "audit_comment": registration.audit_comment,
            "audit_status": registration.audit_status,
            "audit_time": registration.audit_time,
        }
    }
