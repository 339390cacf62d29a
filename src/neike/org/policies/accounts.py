"""Doors of the sign-in library: which are open to everybody, which need a signed-in person."""

from neike.kernel.policies import PUBLIC, SIGNED_IN, declare, declare_route

SIGN_IN = declare("org.sign_in", PUBLIC)
OWN_ACCOUNT = declare("org.own_account", SIGNED_IN)

for _route in (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
):
    declare_route(_route, SIGN_IN)

for _route in (
    "account_change_password",
    "account_reauthenticate",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "usersessions_list",
):
    declare_route(_route, OWN_ACCOUNT)
