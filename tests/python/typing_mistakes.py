"""What a type checker has to refuse, each with the code that it gives; never run."""

import grinfi
from grinfi import F

client = grinfi.Grinfi()
contact = client.contacts.get("c")

client.contacts.search(compny_name="x")  # mistake: call-arg
client.lists.list(company_name="x")  # mistake: call-arg
client.contacts.search(created_at="2026-01-01")  # mistake: arg-type
client.contacts.search(page_size="5")  # mistake: arg-type
F.compny_name == "x"  # mistake: attr-defined
F.created_at >= "2026-01-01"  # mistake: operator
F.name < "x"  # mistake: operator
client.contacts.upsert("l", "x")  # mistake: call-arg
client.contacts.upsert("l", linkedin_id="x", first_name=None)  # mistake: arg-type
client.contacts.create_many("l", "jane")  # mistake: arg-type
client.linkedin_messages.send("s", "c", "x")  # mistake: call-arg
contact.compny_name  # mistake: attr-defined
contact.name = "x"  # mistake: assignment
contact.name.upper()  # mistake: union-attr
len(client.contacts.search())  # mistake: arg-type
grinfi.Sandbox(seed="full")  # mistake: arg-type
grinfi.Grinfi(max_retrys=1)  # mistake: call-arg
client.with_raw_response(client.contacts.get)()  # mistake: call-arg
client.with_raw_response(client.contacts.get)("c").value.nam  # mistake: attr-defined
grinfi.Sandbox().add_fault("explode")  # mistake: arg-type
grinfi.Sandbox().add_fault("reset", operations="x")  # mistake: call-arg
client.contacts.update("c", costum_fields={})  # mistake: call-arg
client.contacts.bulk(["c"]).change_list("l").wait(on_progress=5)  # mistake: arg-type
