use grinfi::{Order, filter::list};

use crate::support::conversation::{Conversation, refused};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let page = talk
        .call("listLists", async |c| {
            let lists = c.lists().list().filter(list::q().eq("autumn & winter"));
            lists.order_by_name("name", Order::Asc).limit(10).page().await
        })
        .await;
    let created = talk.call("createList", async |c| c.lists().create("Autumn fair").await).await;
    assert_eq!(created.uuid, page.data[0].uuid);
    talk.call("getList", async |c| c.lists().get("l-1").await).await;
    talk.call("updateList", async |c| c.lists().update("l-1", "Winter fair").await).await;
    talk.call("deleteList", async |c| c.lists().delete("l-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.lists().create(" ").await).await, "name");
    assert_eq!(refused(async |c| c.lists().get("").await).await, "uuid");
    assert_eq!(refused(async |c| c.lists().update("l-1", "").await).await, "name");
}
