from __future__ import annotations

from django.urls import path

from dayward.foundation.consent.views import consents, disclosures, handover, wordings

app_name = "consent"
urlpatterns = [
    path("texts/", wordings.every, name="texts"),
    path("texts/<slug:kind>/", wordings.versions, name="text_versions"),
    path("texts/<slug:kind>/new/", wordings.new, name="write_text"),
    path("texts/<slug:kind>/people/", wordings.anew, name="text_people"),
    path("texts/<slug:kind>/<slug:version>/", wordings.one, name="text"),
    path("texts/<slug:kind>/<slug:version>/withdraw/", wordings.withdraw, name="withdraw_text"),
    path("<str:person>/", consents.consents, name="list"),
    path("<str:person>/packet/", consents.packet, name="packet"),
    path("<str:person>/prepare/<str:kind>/", consents.prepare, name="prepare"),
    path("<str:person>/hand-over/", handover.hand_over, name="hand_over"),
    path("<str:person>/hand-over/send/", handover.send, name="send"),
    path("<str:person>/hand-over/code/", handover.show, name="show_code"),
    path("<str:person>/hand-over/keys/<str:key>/end/", handover.end_key, name="end_key"),
    path("<str:person>/disclosures/", disclosures.accounting, name="accounting"),
    path("<str:person>/disclosures/file/", disclosures.accounting_pdf, name="accounting_pdf"),
    path("<str:person>/disclosures/add/", disclosures.add, name="disclose"),
    path("<str:person>/disclosures/<str:disclosure>/", disclosures.disclosure, name="disclosure"),
    path("<str:person>/form/<str:consent>/", consents.consent, name="consent"),
    path("<str:person>/form/<str:consent>/revoke/", consents.revoke, name="revoke"),
    path("<str:person>/form/<str:consent>/withdraw/", consents.withdraw, name="withdraw"),
    path("<str:person>/form/<str:consent>/event/", consents.event_happened, name="event_happened"),
]
