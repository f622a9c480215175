//! The team's pages by their addresses: who may see them, who may press what, and that every text is there.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use scraper::{Html, Selector};
use tower::ServiceExt;

use crate::features::settlement::execute;
use crate::features::settlement::tests::world::{World, engines};
use crate::features::staff::web;
use crate::features::users::{self, StaffRole};
use crate::infra::web::problem;
use crate::values::Lang;
use crate::values::text::Email;

struct Site {
    world: World,
    router: Router,
}

struct Got {
    status: StatusCode,
    location: String,
    refresh: String,
    body: String,
}

impl Site {
    async fn new(engine: &str) -> Site {
        let world = World::new(engine, &[10_000, 90_000]).await;
        let s = world.s.clone();
        let router = web::personal().layer(from_fn_with_state(s.clone(), problem::render)).with_state(s);
        Site { world, router }
    }

    /// A cookie of somebody with these roles, who has just given the second factor.
    async fn sign_in(&self, name: &str, roles: &[StaffRole]) -> String {
        let now = self.world.s.clock.now();
        let mut tx = self.world.s.db.begin().await.unwrap();
        let email = Email::parse(&format!("{name}@staff.example")).unwrap();
        let user = users::actions::known_or_new(&mut tx, &email, Lang::Nl, now).await.unwrap();
        for role in roles {
            users::actions::grant(&mut tx, &user.id, *role, now).await.unwrap();
        }
        let token = users::actions::begin_session(&mut tx, &user.id, users::Factor::App, "", now).await.unwrap();
        tx.commit().await.unwrap();
        format!("drempel_session={token}")
    }

    async fn ask(&self, method: &str, path: &str, cookie: &str, form: &[(&str, &str)]) -> Got {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let text_of = |name| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let (location, refresh) = (text_of(header::LOCATION), text_of(header::REFRESH));
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Got { status, location, refresh, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Got {
        self.ask("GET", path, cookie, &[]).await
    }

    async fn post(&self, part: &str, cookie: &str, form: &[(&str, &str)]) -> Got {
        self.ask("POST", &format!("/nl/staff/rounds/7/closing/{part}"), cookie, form).await
    }

    async fn closing(&self, cookie: &str) -> Got {
        let got = self.get("/nl/staff/rounds/7/closing", cookie).await;
        assert_eq!(got.status, StatusCode::OK);
        got
    }
}

impl Got {
    fn hash(&self) -> String {
        let page = Html::parse_document(&self.body);
        let marked = Selector::parse("[data-hash]").unwrap();
        page.select(&marked).next().expect("the page has a hash").value().attr("data-hash").unwrap().to_owned()
    }

    fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.body).select(&Selector::parse(selector).unwrap()).next().is_some()
    }

    /// A missing text shows as its key.
    fn assert_has_texts(&self, path: &str) {
        let page = Html::parse_document(&self.body);
        let words: Vec<String> = page.root_element().text().map(str::to_owned).collect();
        for noun in
            ["staff-", "settlement-", "pledge-state", "refund-state", "round-state", "payment-state", "project-state"]
        {
            let found = words.iter().find(|text| text.trim_start().starts_with(noun));
            assert!(found.is_none(), "{path}: {found:?}");
        }
        assert!(!self.body.contains(" style="), "{path}");
    }
}

/// Every page in every phase, in both languages.
async fn assert_pages(site: &Site, cookie: &str) {
    let reference = crate::features::pledges::actions::latest(&mut site.world.s.db.read().await.unwrap(), 1)
        .await
        .unwrap()
        .remove(0)
        .reference;
    let pages = [
        "",
        "/rounds",
        "/rounds/7",
        "/rounds/7/closing",
        "/pledges",
        "/payments",
        "/refunds",
        "/jobs",
        "/jobs/refunds",
        "/cases",
        "/approvals",
        "/reconciliation",
    ];
    let more =
        [format!("/pledges/{reference}"), "/pledges?state=held&page=2".to_owned(), "/pledges?q=nothing".to_owned()];
    for page in pages.iter().map(|page| (*page).to_owned()).chain(more) {
        for lang in ["nl", "en"] {
            let path = format!("/{lang}/staff{page}");
            let got = site.get(&path, cookie).await;
            assert_eq!(got.status, StatusCode::OK, "{path}");
            got.assert_has_texts(&path);
        }
    }
    let found = site.get(&format!("/nl/staff/pledges?q={}", reference.to_lowercase()), cookie).await;
    assert_eq!(found.location, format!("/nl/staff/pledges/{reference}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_closed_by_two_treasurers_on_the_pages() {
    for engine in engines() {
        let site = Site::new(engine).await;
        site.world.hold(0, &[6_000, 5_000]).await;
        site.world.hold(1, &[6_000]).await;
        let one = site.sign_in("one", &[]).await;
        let two = site.sign_in("two", &[]).await;
        assert_pages(&site, &one).await;
        assert!(site.closing(&one).await.has("form[action$='/closing/begin'] textarea[name=reason]"));
        assert_eq!(site.post("begin", &one, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let begun = site.post("begin", &one, &[("reason", "nu")]).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER);
        assert_eq!(begun.location, "/nl/staff/rounds/7/closing?done=closing-begun");
        let hash = site.closing(&one).await.hash();
        assert_eq!(hash, site.world.fresh_hash().await);
        let wrong = site.post("propose", &one, &[("hash", "00"), ("reason", "x")]).await;
        assert_eq!(wrong.status, StatusCode::CONFLICT);
        assert_eq!(wrong.hash(), hash);
        assert_pages(&site, &one).await;
        let proposed = site.post("propose", &one, &[("hash", &hash), ("reason", "klaar")]).await;
        assert_eq!((proposed.status, proposed.body.as_str()), (StatusCode::SEE_OTHER, ""));
        assert_pages(&site, &one).await;
        assert!(!site.closing(&one).await.has("form[action$='/approve']"));
        assert_eq!(site.post("approve", &one, &[("hash", &hash)]).await.status, StatusCode::FORBIDDEN);
        assert!(site.closing(&two).await.has("form[action$='/approve'] input[name=hash]"));
        assert_eq!(site.post("approve", &two, &[("hash", "00")]).await.status, StatusCode::CONFLICT);
        assert_eq!(site.get("/nl/staff/rounds/7/closing/protocol.csv", &two).await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.post("approve", &two, &[("hash", &hash)]).await.status, StatusCode::SEE_OTHER);
        let running = site.closing(&one).await;
        assert_eq!((running.refresh.as_str(), running.hash()), ("5; url=/nl/staff/rounds/7/closing", hash.clone()));
        let still = site.get("/nl/staff/rounds/7/closing?reload=off", &one).await;
        assert!(still.refresh.is_empty() && still.has("a[href='/nl/staff/rounds/7/closing']"));
        assert_pages(&site, &one).await;
        assert_eq!(site.post("approve", &two, &[("hash", &hash)]).await.status, StatusCode::CONFLICT);
        assert_eq!(site.post("resume", &one, &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(site.post("pause", &one, &[]).await.status, StatusCode::SEE_OTHER);
        assert!(site.closing(&one).await.refresh.is_empty());
        assert_pages(&site, &one).await;
        assert_eq!(site.post("resume", &two, &[]).await.status, StatusCode::SEE_OTHER);
        let settlement = site.world.settlement().await;
        execute::run(&site.world.s, &settlement.id).await.unwrap();
        assert_pages(&site, &one).await;
        site.world.pay_refunds().await;
        execute::run(&site.world.s, &settlement.id).await.unwrap();
        assert_pages(&site, &one).await;
        let csv = site.get("/en/staff/rounds/7/closing/protocol.csv", &one).await;
        assert_eq!((csv.status, csv.body.lines().count()), (StatusCode::OK, 4));
        site.world.assert_invariants().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_for_the_team_and_money_is_for_treasurers() {
    let site = Site::new(engines()[0]).await;
    let backer = site.sign_in("backer", &[]).await;
    let reviewer = site.sign_in("reviewer", &[StaffRole::Reviewer]).await;
    for page in [
        "",
        "/rounds",
        "/rounds/7",
        "/rounds/7/closing",
        "/pledges",
        "/payments",
        "/refunds",
        "/jobs",
        "/jobs/refunds",
        "/cases",
        "/approvals",
        "/reconciliation",
    ] {
        let path = format!("/nl/staff{page}");
        assert_eq!(
            site.get(&path, "").await.location,
            format!("/nl/sign-in?next=%2Fstaff{}", page.replace('/', "%2F"))
        );
        assert_eq!(site.get(&path, &backer).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(site.get(&path, &reviewer).await.status, StatusCode::OK, "{path}");
    }
    for part in ["begin", "propose", "approve", "pause", "resume"] {
        assert_eq!(site.post(part, "", &[]).await.status, StatusCode::SEE_OTHER, "{part}");
        assert_eq!(site.post(part, &backer, &[]).await.status, StatusCode::FORBIDDEN, "{part}");
        assert_eq!(site.post(part, &reviewer, &[]).await.status, StatusCode::FORBIDDEN, "{part}");
    }
    let one = site.sign_in("one", &[]).await;
    assert_eq!(site.get("/nl/staff/rounds/8/closing", &one).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/nl/staff/pledges/DR-NONE", &one).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post("pause", &one, &[("x", "y")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_asks_for_the_second_factor_again_when_the_last_is_old() {
    let site = Site::new(engines()[0]).await;
    site.world.close().await;
    let hash = site.world.propose().await.hash;
    let two = site.sign_in("two", &[]).await;
    site.world.advance(301);
    let stale = site.post("approve", &two, &[("hash", &hash)]).await;
    assert_eq!(stale.location, "/nl/sign-in/factor?next=%2Fstaff%2Frounds%2F7%2Fclosing");
    let two = site.sign_in("two", &[]).await;
    assert_eq!(site.post("approve", &two, &[("hash", &hash)]).await.status, StatusCode::SEE_OTHER);
}
