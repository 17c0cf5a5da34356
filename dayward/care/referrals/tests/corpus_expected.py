"""The 57 documents of the corpus and what must become of each.

The counts were checked against a count by XPath that knows nothing of the parsers, and by reading the documents.
Columns of an accepted one: family, first given, birth date, sex, conditions, medications, allergies, encounters,
labels. A refused one has its reason and why.
"""

from __future__ import annotations

from typing import NamedTuple


class Accept(NamedTuple):
    family: str | None
    given: str | None
    birth_date: str | None
    sex: str | None
    conditions: int
    medications: int
    allergies: int
    encounters: int
    labels: tuple[str, ...] = ()
    note: str = ""


class Refuse(NamedTuple):
    reason: str
    why: str


# fmt: off
EXPECTED: dict[str, Accept | Refuse] = {
    "ccda/hl7/CCD_1__CCD.xml": Accept("Betterhalf", "Eve", "1975-05-01", "female", 4, 2, 2, 1, ("N",)),
    "ccda/hl7/CDA_Embedded_Text_Plain_Surgical_Consult.xml": Accept("Damore", "Juan", "1953-03-02", "male", 0, 0, 0, 0, ("N",), "unstructured: the text is inside as one piece"),
    "ccda/hl7/Care_Plan.xml": Accept("Betterhalf", "Eve", "1975-05-01", "female", 3, 0, 0, 1, ("N",), "a care plan: its only diagnoses are the health concerns"),
    "ccda/hl7/Consultation_Note.xml": Accept("Betterhalf", "Eve", "1975-05-01", "female", 4, 2, 2, 1, ("N",)),
    "ccda/hl7/Discharge_Summary.xml": Accept("Jones", "Isabella", "2005-05-01", "female", 2, 1, 3, 1, ("N",), "appendicitis stands three times with one date; dyspnea is a functional status"),
    "ccda/hl7/Inpatient_Encounter_Discharged_to_Rehab_Location_C-CDA2.1_.xml": Refuse("not-well-formed", "an example of one section that uses the prefix sdtc without declaring it"),
    "ccda/hl7/Patient_Health_Questionnaire_PHQ-9_C-CDAR2.1_.xml": Refuse("not-well-formed", "an example of one section that uses the prefix xsi without declaring it"),
    "ccda/hl7/RTF_Note_C-CDA_R2.1_.xml": Refuse("other-kind", "well-formed, but one section, not a clinical document"),
    "ccda/hl7/Sexual_Orientation_Gender_Identity_C-CDA2.1_.xml": Refuse("not-well-formed", "an example of one section that uses the prefix xsi without declaring it"),
    "ccda/hl7/Unstructured_Document_reference.xml": Accept("Levin", "Henry", "1953-03-02", "male", 0, 0, 0, 0, ("N",), "unstructured: the text is in another file"),
    "ccda/onc/170.315_b1_toc_amb_ccd_r11_sample1_v9.xml": Accept("Jones", "Isabella", "1947-05-01", "female", 1, 1, 1, 1, ("N",)),
    "ccda/onc/170.315_b1_toc_inp_ds_r21_sample1_v12.xml": Accept("Angeles", "Rabecca", "1970-07-01", "female", 7, 12, 2, 1, ("N",)),
    "ccda/onc/170.315_b1_toc_inp_rn_r21_sample1_v12.xml": Accept("Marshall", "Michelle", "1970-06-01", "female", 7, 12, 2, 1, ("N",)),
    "ccda/onc/170.315_b8_ds4p_amb_sample2_v4.xml": Accept("Newman", "Alice", "1970-05-01", "female", 4, 2, 1, 1, ("N",)),
    "ccda/onc/170.315_b8_ds4p_inp_sample2_v4.xml": Accept("Pitt", "Lindsey", "1970-06-01", "female", 6, 2, 1, 1, ("N",)),
    "ccda/onc_negative/NT_BadXml_r11_v2.xml": Refuse("not-well-formed", "made to be broken: an attribute without a name"),
    "ccda/onc_negative/NT_Bad_DocEffectiveTime_r11_v2.xml": Accept("Jones", "Myra", "1947-05-01", "female", 2, 2, 3, 1, ("N",)),
    "ccda/onc_negative/NT_Bad_MedicationActivityElements_r11_v3.xml": Accept("Jones", "Myra", "1947-05-01", "female", 2, 2, 3, 1, ("N",), "one inhaler seven times, each broken in another way, and one discharge medication"),
    "ccda/onc_negative/NT_CP_Sample1_r21_v5.xml": Accept(None, "Carrie", "1970-05-01", None, 4, 6, 1, 1, ("jsalkjfaeuiauewyfaiwryewaiuaewyriuewayaie",), "family name and first given name empty, sex and confidentiality not codes"),
    "ccda/onc_negative/NT_Missing_PatientName_r11_v2.xml": Accept(None, None, "1947-05-01", "female", 2, 2, 3, 1, ("N",), "no name: identifiers say who it is"),
    "ccda/vendor/Allscripts_FollowMyHealth__Discharge_Summary-rebeccaangles.xml": Accept("Angeles", "Rabecca", "1970-07-01", "female", 7, 12, 2, 1, ("N",)),
    "ccda/vendor/Allscripts_FollowMyHealth__Referral_Note-glenmarshal.xml": Accept("Marshall", "Michelle", "1970-06-01", "female", 7, 12, 2, 1, ("N",)),
    "ccda/vendor/Allscripts_TouchWorks__CeciliaCummings_170.315_b2_ciri__r21_sample1_rn_export.xml": Accept("Cummings", "Cecilia", "1970-07-01", "female", 4, 3, 2, 1, ("N",), "ampicillin has a null code, but its words name it"),
    "ccda/vendor/Atos_Pulse__bates_patienthealthrecord_08032017.xml": Accept("Bates", "Jeremy", "1980-08-01", "male", 1, 0, 0, 1, (), "the diagnosis stands in the assessment; confidentiality is null"),
    "ccda/vendor/CompuLink__CompulinkAdvantage_12.1_ccd_sample2.xml": Accept("Bates", "Jeremy", "1980-08-01", "male", 1, 0, 0, 1, ("N",), "a visit diagnosis given only as a translation, dated with the zero of a date"),
    "ccda/vendor/Get_Real_Health__CCD_e1.xml": Accept("Pitt", "Lindsey", "1970-06-01", "female", 7, 12, 2, 1, ("N",)),
    "ccda/vendor/McKesson_Paragon__larson-rn.xml": Accept("LARSON", "REBECCA", "1970-05-01", "female", 6, 12, 2, 1, ("N",), "no encounters section: the stay of the header is the visit"),
    "ccda/vendor/MedConnect__ALICE_NEWMAN_20170924183057_RN.xml": Accept("NEWMAN", "ALICE", "1970-05-01", "female", 5, 4, 2, 1, ("N",)),
    "ccda/vendor/MedHost_Enterprise__bbed4c77-fc9b-4a0f-bf49-1e1e1752dfac_Lewis_ds_2.1_sample2.xml": Accept("LEWIS", "MARY", "1970-08-01", "female", 6, 3, 2, 1, ("N",), "eight lines of medication, three drugs"),
    "ccda/vendor/Meditech_Magic__Test1_WrightSample2DS.xml": Accept("WRIGHT", "John", "1980-08-01", "male", 1, 0, 0, 1, ("N",), "discharged with one diagnosis beside a “no known problems”"),
    "ccda/vendor/Netsmart_myEvolv__Continuity_of_Care_Document_20170327_190406_115_1.xml": Accept("TORRES", "STEPHEN", "2006-05-01", "male", 2, 5, 2, 0, ("N",)),
    "ccda/vendor/Netsmart_myEvolv__Continuity_of_Care_Document_20170407_083248_15.xml": Accept("NEWMAN", "ALICE", "1970-05-01", "female", 5, 3, 3, 0, ("N",)),
    "ccda/vendor/NextGen_MediTouch__BATES_J_MEMBER_4524898_1_.xml": Accept("BATES", "JEREMY", "1980-08-01", "male", 0, 0, 0, 0, ("N",)),
    "ccda/vendor/OpenVista_CareVue__B1_INP_DS_SAMPLE_2.xml": Accept("WRIGHT", "JOHN", "1980-08-01", "male", 1, 0, 0, 1, ("N",), "“none recorded” in three ways; one visit diagnosis"),
    "ccda/vendor/SocialCare__SocialCare_v1.0_One.xml": Accept("Newman", "Alice", "1970-05-01", "female", 5, 3, 2, 1, ("N",)),
    "ccda/vendor/ds2.xml": Accept("Williamson", "Steve", "1947-04-07", "male", 5, 4, 2, 1, ("N",), "NovoLog is coded only by a translation; angina on three dates"),
    "ccda/vendor/nist_ambulatory.xml": Accept("Jones", "Myra", "1947-05-01", "female", 2, 2, 3, 1, ("N",)),
    "fhir/Agustín_Fonseca_cb5696d9-a0de-4f49-94f9-433f96a28eb0.json.gz": Accept("Fonseca", "Agustín", "1994-02-01", "male", 2, 2, 0, 7, ()),
    "fhir/Barrett_Goldner_54ca27a3-d4c3-4786-b527-592da10f2503.json.gz": Accept("Goldner", "Barrett", "1992-03-08", "male", 4, 1, 0, 45, ()),
    "fhir/Bob965_Keeling57_3f6fd0bb-6cd3-eb3f-4401-cd38ace25f2b.json.gz": Accept("Keeling57", "Bob965", "1991-07-08", "male", 0, 0, 0, 32, ()),
    "fhir/Cecelia952_Romaguera67_f1731e33-dc55-4ee8-72d7-cece2e49bedd.json.gz": Accept("Romaguera67", "Cecelia952", "2002-10-16", "female", 1, 0, 0, 29, ()),
    "fhir/Coleman_Ortiz_70e00093-a3d5-42bc-8186-eface8432c02.json.gz": Accept("Ortiz", "Coleman", "1915-07-03", "male", 21, 11, 0, 45, ()),
    "fhir/Danae_Kshlerin_293ee354-f8ad-4345-b10c-759fdfdcc082.json.gz": Accept("Kshlerin", "Danae", "1964-05-13", "female", 15, 5, 0, 56, ()),
    "fhir/Dusty_Stracke_9fe3de76-2cd4-4c02-936a-8de0b18497dd.json.gz": Accept("Stracke", "Dusty", "2001-01-06", "male", 9, 8, 7, 34, ()),
    "fhir/Fletcher_Hyatt_fe0562b5-f517-4951-8366-32fdab088930.json.gz": Accept("Hyatt", "Fletcher", "1915-07-03", "male", 20, 122, 0, 127, ()),
    "fhir/Garrett_Thompson_5a72e290-8102-4c8a-84f7-f838387508b2.json.gz": Accept("Thompson", "Garrett", "1972-03-30", "male", 6, 3, 0, 12, ()),
    "fhir/Gilberto_Orosco_6ece62f3-283c-4387-aa9b-affba8ebf4c3.json.gz": Accept("Orosco", "Gilberto", "1936-08-18", "male", 7, 2, 0, 24, ()),
    "fhir/Jani266_Reynolds644_304f9946-5db8-dc6f-e060-48b9fea3ca5d.json.gz": Accept("Reynolds644", "Jani266", "1996-01-23", "female", 1, 0, 0, 31, ()),
    "fhir/Levi940_Gusikowski974_b71e39bd-d33f-0b50-a8e5-ed4142d306fe.json.gz": Accept("Gusikowski974", "Levi940", "1992-11-15", "male", 1, 0, 0, 32, ()),
    "fhir/Luigi_Wiegand_e27d88b0-c5e5-4042-ad49-184f6a900ee3.json": Accept("Wiegand", "Luigi", "2020-10-20", "male", 0, 0, 0, 4, ()),
    "fhir/Milan_Beatty_e78d0ed2-1b54-4c30-90ae-f7405af1e402.json.gz": Accept("Beatty", "Milan", "1973-11-24", "male", 5, 3, 0, 15, ()),
    "fhir/Omar_Abernathy_839737a4-5804-4adb-b645-740275239062.json.gz": Accept("Abernathy", "Omar", "2000-07-20", "male", 8, 3, 0, 19, ()),
    "fhir/Randolph_Wisoky_efd5a034-1a2d-4cd4-88f2-3a2e192d403a.json.gz": Accept("Wisoky", "Randolph", "1959-12-07", "male", 6, 7, 0, 39, ()),
    "fhir/Roberto_Graham_238a58eb-31dc-4054-82ee-0651ee76f391.json.gz": Accept("Graham", "Roberto", "1920-10-03", "male", 9, 10, 0, 30, ()),
    "fhir/Trenton_Turner_54a45132-91fc-485e-b401-8c7644a0d517.json.gz": Accept("Turner", "Trenton", "1985-02-03", "male", 2, 0, 0, 33, ()),
    "fhir/Virginia_Mercado_ae79d967-05dd-4ea0-8793-16c538c12ae1.json.gz": Accept("Mercado", "Virginia", "1969-04-15", "female", 16, 6, 0, 38, ()),
    "fhir/practitionerInformation1633536936158.json.gz": Refuse("no-patient", "a list of practitioners: there is no patient in it"),
}
# fmt: on
