//! What happened: sign-ins, the journal, notices.

use propusk::model::id::AccountId;
use propusk::storage::{Effects, HistoryFilter};

use super::{Empty, NOW, journal_line, later, notice, sign_in_line};

fn anna() -> AccountId {
    AccountId::from("anna")
}

#[tokio::test]
async fn the_history_is_read_in_parts_and_through_filters() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let statuses = ["success", "failure", "success"];
    for (n, (status, device)) in statuses
        .into_iter()
        .zip(["desktop", "mobile", "mobile"])
        .enumerate()
    {
        let at = later(n as u64 * 100);
        let line = Effects {
            sign_in: Some(sign_in_line(&format!("line {n}"), at, status, device)),
            journal: vec![journal_line(
                &format!("line {n}"),
                at,
                if n == 1 { "locked" } else { "signed_in" },
            )],
            notices: vec![notice(&format!("line {n}"), at)],
            outbox: Vec::new(),
            pushes: Vec::new(),
            tickets: Vec::new(),
        };
        storage.record(line).await.unwrap();
    }
    let all = HistoryFilter {
        limit: 10,
        ..HistoryFilter::default()
    };
    let sign_ins = |filter: HistoryFilter| async move {
        let lines = storage.sign_ins(&anna(), &filter).await.unwrap();
        lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
    };
    assert_eq!(sign_ins(all.clone()).await, ["line 2", "line 1", "line 0"]);
    for (filter, expected) in [
        (
            HistoryFilter {
                from: Some(later(100)),
                ..all.clone()
            },
            vec!["line 2", "line 1"],
        ),
        (
            HistoryFilter {
                until: Some(later(100)),
                ..all.clone()
            },
            vec!["line 0"],
        ),
        (
            HistoryFilter {
                status: Some("success".to_owned()),
                ..all.clone()
            },
            vec!["line 2", "line 0"],
        ),
        (
            HistoryFilter {
                device_kind: Some("mobile".to_owned()),
                ..all.clone()
            },
            vec!["line 2", "line 1"],
        ),
        (
            HistoryFilter {
                limit: 1,
                offset: 1,
                ..all.clone()
            },
            vec!["line 1"],
        ),
        (
            HistoryFilter {
                limit: 1,
                offset: 9,
                ..all.clone()
            },
            vec![],
        ),
    ] {
        assert_eq!(sign_ins(filter.clone()).await, expected, "{filter:?}");
    }
    let journal = |filter: HistoryFilter, ascending| async move {
        let lines = storage.journal(&anna(), &filter, ascending).await.unwrap();
        lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
    };
    assert_eq!(
        journal(all.clone(), false).await,
        ["line 2", "line 1", "line 0"]
    );
    assert_eq!(
        journal(all.clone(), true).await,
        ["line 0", "line 1", "line 2"]
    );
    let locked = HistoryFilter {
        action: Some("locked".to_owned()),
        ..all.clone()
    };
    assert_eq!(journal(locked, false).await, ["line 1"]);
    // Nobody else's lines are among them.
    let boris = AccountId::from("boris");
    assert!(storage.sign_ins(&boris, &all).await.unwrap().is_empty());

    assert_eq!(storage.unread_notices(&anna()).await.unwrap(), 3);
    storage.mark_read(boris, None, NOW).await.unwrap();
    assert_eq!(storage.unread_notices(&anna()).await.unwrap(), 3);
    storage
        .mark_read(anna(), Some("line 1".to_owned()), later(500))
        .await
        .unwrap();
    assert_eq!(storage.unread_notices(&anna()).await.unwrap(), 2);
    storage.mark_read(anna(), None, later(600)).await.unwrap();
    let notices = storage.notices(&anna(), 2, 1).await.unwrap();
    let seen: Vec<_> = notices
        .iter()
        .map(|one| (one.id.as_str(), one.read_at))
        .collect();
    assert_eq!(
        seen,
        [("line 1", Some(later(500))), ("line 0", Some(later(600)))]
    );
    home.close().await;
}
