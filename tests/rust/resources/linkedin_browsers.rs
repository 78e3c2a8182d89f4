use grinfi::Order;

use crate::support::{
    conversation::{Conversation, failing, refused},
    description::answer,
};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let page = talk
        .call("listLinkedInBrowsers", async |c| {
            let list = c.linkedin_browsers().list().order_by_name("created_at", Order::Desc);
            list.limit(5).page().await
        })
        .await;
    assert!(page.data[0].id.is_some());
    talk.call("getLinkedInBrowser", async |c| c.linkedin_browsers().get(7).await).await;
    talk.call("createLinkedInBrowser", async |c| {
        c.linkedin_browsers().create("s-1", Some("DE")).await?;
        c.linkedin_browsers().create("s-1", None).await
    })
    .await;
    talk.call("updateLinkedInBrowser", async |c| c.linkedin_browsers().update(7).await).await;
    talk.call("deleteLinkedInBrowser", async |c| c.linkedin_browsers().delete(7).await).await;
    let key = "generateBrowserAccessKey";
    let login = talk.answered(key, answer(key), async |c| c.linkedin_browsers().smart_login(7).await).await;
    assert!(login.external_access_key.unwrap().expose().starts_with("lb_ak_"));
    talk.call("runLinkedInBrowser", async |c| c.linkedin_browsers().run(7).await).await;
    talk.call("stopLinkedInBrowser", async |c| c.linkedin_browsers().stop(7).await).await;
    talk.call("setLinkedInBrowserProxy", async |c| c.linkedin_browsers().set_proxy(7, "FR").await).await;
    talk.call("shareLinkedInBrowser", async |c| {
        c.linkedin_browsers().share(7, ["ann@example.com", "bob@example.com"]).await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let none: [&str; 0] = [];
    assert_eq!(refused(async |c| c.linkedin_browsers().get(0).await).await, "id");
    assert_eq!(refused(async |c| c.linkedin_browsers().run(-1).await).await, "id");
    assert_eq!(
        refused(async |c| c.linkedin_browsers().create("s", Some("Germany")).await).await,
        "proxy_country"
    );
    assert_eq!(refused(async |c| c.linkedin_browsers().set_proxy(7, "de").await).await, "proxy_country");
    assert_eq!(refused(async |c| c.linkedin_browsers().share(7, none).await).await, "recipients");
    assert_eq!(refused(async |c| c.linkedin_browsers().share(7, ["ann"]).await).await, "recipients[0]");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.linkedin_browsers().smart_login(7).await).await.is_not_found());
}
