"""Sign-in, by django-allauth: only the pages a clinic needs.

Nobody signs up, and a mailbox alone does not open a record: whoever keeps the staff hands over a link by
which one sets a forgotten password anew (views/sign_in.py). Each page declares its audience, as every view does.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from dayward.foundation.access.views.factors import keeping_one, setting_up
from dayward.foundation.access.views.sessions import still
from dayward.kernel.permissions import public, signed_in

urlpatterns = [
    path("sign-in/", public(account.login), name="account_login"),
    path("sign-in/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/second-step/", public(mfa.authenticate), name="mfa_authenticate"),
    path("still/", still, name="account_still"),
    path("sign-out/", public(account.logout), name="account_logout"),
    path("ended/", public(account.account_inactive), name="account_inactive"),
    path("confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/passkey/", signed_in(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("password/first/", signed_in(account.password_set), name="account_set_password"),
    path("security/", signed_in(mfa.index), name="mfa_index"),
    path("security/app/", signed_in(setting_up(totp.activate_totp)), name="mfa_activate_totp"),
    path("security/app/remove/", signed_in(keeping_one(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("security/codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "security/codes/file/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("security/passkeys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("security/passkeys/add/", signed_in(setting_up(webauthn.add_webauthn)), name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/",
        signed_in(keeping_one(webauthn.remove_webauthn)),
        name="mfa_remove_webauthn",
    ),
]
