use grinfi::{
    Order,
    models::{
        CustomFieldUpdate,
        enums::ObjectKind,
        ids::{CompanyId, ContactId},
    },
};

use crate::support::conversation::{Conversation, failing, refused};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let fields = talk
        .call("listCustomFields", async |c| {
            c.custom_fields().list().order_by_name("order", Order::Asc).page().await
        })
        .await;
    assert!(fields.data[0].object.is_some());
    talk.call("createCustomField", async |c| {
        c.custom_fields().create(ObjectKind::Contact, "buyer_persona").order(2).await
    })
    .await;
    let changes = CustomFieldUpdate { name: Some("persona".into()), ..Default::default() };
    talk.call("updateCustomField", async |c| c.custom_fields().update("f-1", &changes).await).await;
    talk.call("deleteCustomField", async |c| c.custom_fields().delete("f-1").await).await;
    let (contact, company) = (ContactId::from("c-1"), CompanyId::from("o-1"));
    let value = talk
        .call("upsertCustomFieldValue", async |c| {
            c.custom_fields().set_value("f-1", &contact, "economic buyer").await
        })
        .await;
    assert!(value.value.is_some());
    talk.call("upsertCustomFieldValue", async |c| c.custom_fields().clear_value("f-1", &company).await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    for name in ["", "2nd", "buyer persona", "größe", "a-b"] {
        let field = refused(async |c| c.custom_fields().create(ObjectKind::Contact, name).await).await;
        assert_eq!(field, "custom_fields", "{name}");
        let field = refused(async |c| {
            let contact = grinfi::models::NewContact { linkedin_id: Some("x".into()), ..Default::default() };
            c.contacts().upsert("l-1", contact).custom_field(name, 1).await
        });
        assert_eq!(field.await, "custom_fields", "{name}");
    }
    let nobody = ContactId::from("");
    assert_eq!(refused(async |c| c.custom_fields().set_value("f-1", &nobody, "x").await).await, "target");
    let contact = ContactId::from("c-1");
    let field = refused(async |c| c.custom_fields().clear_value("", &contact).await).await;
    assert_eq!(field, "custom_field_uuid");
    assert_eq!(
        refused(async |c| c.custom_fields().update("f-1", &Default::default()).await).await,
        "changes"
    );
}

#[tokio::test]
async fn maps_documented_errors() {
    let contact = ContactId::from("c-1");
    let error = failing(422, async |c| c.custom_fields().set_value("f-1", &contact, "x").await).await;
    assert!(error.is_validation());
}
