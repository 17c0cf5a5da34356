"""Referral documents that the demo's hospitals write: small, valid, about people who do not exist."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from dayward.demo.facts import Someone


@dataclass(frozen=True)
class Letter:
    """What a hospital says of somebody it sends."""

    number: str
    person: Someone
    city: str
    state: str
    hospital: str
    written: datetime
    left: date
    came: date
    code: str
    diagnosis: str
    medication: str
    dose: str
    allergy: str

    def c_cda(self) -> bytes:
        """A discharge summary (C-CDA R2.1)."""
        return _C_CDA.format(**{name: escape(value) for name, value in self._words().items()}).encode()

    def bundle(self) -> bytes:
        """A FHIR R4 document bundle of the same."""
        content = {
            "resourceType": "Bundle", "type": "collection", "timestamp": self.written.isoformat(),
            "entry": [{"fullUrl": f"urn:uuid:{self.number}-{number}", "resource": resource}
                      for number, resource in enumerate(self._resources())],
        }  # fmt: skip
        return json.dumps(content, indent=1).encode()

    def _words(self) -> dict[str, str]:
        one, sex = self.person, {"female": "F", "male": "M"}.get(self.person.sex, "UN")
        return {
            "number": self.number, "hospital": self.hospital, "given": one.given, "family": one.family,
            "born": f"{one.birth_date:%Y%m%d}", "sex": sex, "phone": one.phone, "street": one.street,
            "city": self.city, "state": self.state, "zip": one.zip_code, "language": one.language,
            "written": f"{self.written:%Y%m%d%H%M%S%z}", "came": f"{self.came:%Y%m%d}",
            "left": f"{self.left:%Y%m%d}", "code": self.code, "diagnosis": self.diagnosis,
            "medication": self.medication, "dose": self.dose, "allergy": self.allergy,
        }  # fmt: skip

    def _resources(self) -> list[dict[str, Any]]:
        one, subject = self.person, {"reference": f"urn:uuid:{self.number}-0"}
        active = {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
            ]
        }
        return [
            {"resourceType": "Patient", "identifier": [{"system": "urn:fable:mrn", "value": self.number}],
             "name": [{"use": "official", "family": one.family, "given": [one.given]}], "gender": one.sex,
             "birthDate": one.birth_date.isoformat(),
             "telecom": [{"system": "phone", "value": one.phone, "use": "mobile"}],
             "address": [{"line": [one.street], "city": self.city, "state": self.state, "postalCode": one.zip_code}],
             "communication": [{"language": {"coding": [{"code": one.language}]}, "preferred": True}]},
            {"resourceType": "Encounter", "status": "finished", "class": {"code": "IMP"}, "subject": subject,
             "period": {"start": self.came.isoformat(), "end": self.left.isoformat()},
             "serviceProvider": {"display": self.hospital}},
            {"resourceType": "Condition", "clinicalStatus": active, "subject": subject,
             "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": self.code}],
                      "text": self.diagnosis}},
            {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": subject,
             "medicationCodeableConcept": {"text": self.medication}, "dosageInstruction": [{"text": self.dose}]},
            {"resourceType": "AllergyIntolerance", "patient": subject, "clinicalStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}]},
             "code": {"text": self.allergy}},
        ]  # fmt: skip


_C_CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <realmCode code="US"/>
 <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
 <templateId root="2.16.840.1.113883.10.20.22.1.8" extension="2015-08-01"/>
 <id root="2.16.840.1.113883.19.99" extension="{number}"/>
 <code code="18842-5" codeSystem="2.16.840.1.113883.6.1" displayName="Discharge summary"/>
 <title>{hospital}: Discharge summary</title>
 <effectiveTime value="{written}"/>
 <confidentialityCode code="R" codeSystem="2.16.840.1.113883.5.25"/>
 <languageCode code="en-US"/>
 <recordTarget><patientRole>
  <id root="2.16.840.1.113883.19.99.1" extension="{number}"/>
  <addr use="HP"><streetAddressLine>{street}</streetAddressLine><city>{city}</city><state>{state}</state>
   <postalCode>{zip}</postalCode><country>US</country></addr>
  <telecom use="MC" value="tel:{phone}"/>
  <patient><name use="L"><given>{given}</given><family>{family}</family></name>
   <administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/>
   <birthTime value="{born}"/>
   <languageCommunication><languageCode code="{language}"/></languageCommunication></patient>
  <providerOrganization><name>{hospital}</name></providerOrganization>
 </patientRole></recordTarget>
 <author><time value="{written}"/><assignedAuthor><id nullFlavor="UNK"/>
  <assignedPerson><name><prefix>Dr.</prefix><given>Storied</given><family>Examplewright</family></name></assignedPerson>
  <representedOrganization><name>{hospital}</name></representedOrganization></assignedAuthor></author>
 <custodian><assignedCustodian><representedCustodianOrganization>
  <id root="2.16.840.1.113883.19.99"/><name>{hospital}</name>
 </representedCustodianOrganization></assignedCustodian></custodian>
 <componentOf><encompassingEncounter><id root="2.16.840.1.113883.19.99.2" extension="{number}"/>
  <code code="IMP" codeSystem="2.16.840.1.113883.5.4" displayName="inpatient"/>
  <effectiveTime><low value="{came}"/><high value="{left}"/></effectiveTime>
  <location><healthCareFacility><location><name>{hospital}</name></location></healthCareFacility></location>
 </encompassingEncounter></componentOf>
 <component><structuredBody>
  <component><section>
   <templateId root="2.16.840.1.113883.10.20.22.2.24"/>
   <code code="11535-2" codeSystem="2.16.840.1.113883.6.1" displayName="Discharge diagnosis"/>
   <title>Discharge diagnosis</title><text>{diagnosis}</text>
   <entry><act classCode="ACT" moodCode="EVN">
    <templateId root="2.16.840.1.113883.10.20.22.4.33"/>
    <code code="11535-2" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="active"/>
    <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
     <templateId root="2.16.840.1.113883.10.20.22.4.4"/><id nullFlavor="UNK"/>
     <code code="282291009" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
     <effectiveTime><low value="{came}"/></effectiveTime>
     <value xsi:type="CD" code="{code}" codeSystem="2.16.840.1.113883.6.90" displayName="{diagnosis}"/>
    </observation></entryRelationship></act></entry>
  </section></component>
  <component><section>
   <templateId root="2.16.840.1.113883.10.20.22.2.11.1"/>
   <code code="10183-2" codeSystem="2.16.840.1.113883.6.1" displayName="Discharge medications"/>
   <title>Discharge medications</title><text>{medication}, {dose}</text>
   <entry><substanceAdministration classCode="SBADM" moodCode="INT">
    <templateId root="2.16.840.1.113883.10.20.22.4.16"/><id nullFlavor="UNK"/><text>{dose}</text>
    <statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="{came}"/></effectiveTime>
    <consumable>
     <manufacturedProduct classCode="MANU"><templateId root="2.16.840.1.113883.10.20.22.4.23"/>
     <manufacturedMaterial><code nullFlavor="OTH"><originalText>{medication}</originalText></code>
      <name>{medication}</name>
     </manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>
  </section></component>
  <component><section>
   <templateId root="2.16.840.1.113883.10.20.22.2.6.1"/>
   <code code="48765-2" codeSystem="2.16.840.1.113883.6.1" displayName="Allergies"/>
   <title>Allergies</title><text>{allergy}</text>
   <entry><act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.30"/>
    <id nullFlavor="UNK"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>
    <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
     <templateId root="2.16.840.1.113883.10.20.22.4.7"/><id nullFlavor="UNK"/>
     <code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="completed"/>
     <value xsi:type="CD" code="416098002" codeSystem="2.16.840.1.113883.6.96" displayName="Drug allergy"/>
     <participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">
      <code nullFlavor="OTH"><originalText>{allergy}</originalText></code><name>{allergy}</name>
     </playingEntity></participantRole></participant></observation></entryRelationship></act></entry>
  </section></component>
  <component><section>
   <code code="8648-8" codeSystem="2.16.840.1.113883.6.1" displayName="Hospital course"/>
   <title>Hospital course</title>
   <text>Made-up summary. Came in distress, settled within days, slept and ate. Took part in groups. Wants to go home
    and to go on in an intensive outpatient program.</text>
  </section></component>
 </structuredBody></component>
</ClinicalDocument>
"""
