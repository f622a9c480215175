//! The team's lists: filters, order, columns and sums by the address; the file holds what the page shows; views of one's own; and a
//! navigation in which nothing leads to a closed door.

use drempel::infra::history::{self, Entry};
use scraper::{Html, Selector};

use crate::measuring;
use crate::support::{App, Browser};

const REVIEWER: &str = "reviewer@drempel.example";
const ADMIN: &str = "admin@drempel.example";

/// The list on a page: headings, rows, sums.
struct Shown {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    sums: Vec<String>,
}

fn text(element: scraper::ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(page: &str) -> Shown {
    let page = Html::parse_document(page);
    let all = |query: &str| page.select(&Selector::parse(query).expect("a selector")).map(text).collect::<Vec<_>>();
    let (row, cell) = ("main .table-scroll tbody tr", "th, td");
    let [row, cell] = [row, cell].map(|query| Selector::parse(query).expect("a selector"));
    let rows = page.select(&row);
    Shown {
        heads: all("main .table-scroll thead th"),
        rows: rows.map(|row| row.select(&cell).map(text).collect()).collect(),
        sums: all("main .table-scroll tfoot th, main .table-scroll tfoot td"),
    }
}

/// The rows of a file, without the quotes that no cell here needs inside.
fn lines(file: &[u8]) -> Vec<Vec<String>> {
    let text = String::from_utf8(file.to_vec()).expect("text");
    text.lines().map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect()).collect()
}

fn column(shown: &Shown, place: usize) -> Vec<String> {
    shown.rows.iter().map(|row| row[place].clone()).collect()
}

/// Three gifts that were paid, one that was not.
async fn with_gifts(app: &App) -> Vec<String> {
    let mut references = Vec::new();
    for (cents, name) in [(2_500, "Anna"), (10_000, "Bert"), (4_000, "Cora")] {
        let gift = app.paid_gift(cents, name).await;
        references.push(gift["reference"].as_str().expect("a reference").to_owned());
    }
    let open = app.gift(700, "Dirk").await;
    references.push(open["reference"].as_str().expect("a reference").to_owned());
    references
}

#[tokio::test]
async fn a_list_shows_what_its_address_asks_for_and_sums_all_of_it() {
    let app = App::start().await;
    let references = with_gifts(&app).await;
    let one = Browser::treasurer(&app, 1).await;
    let all = shown(&one.read("/en/staff/pledges").await);
    assert_eq!(all.heads.len(), 5);
    let newest_first: Vec<String> = references.iter().rev().cloned().collect();
    assert_eq!(column(&all, 0), newest_first);
    assert_eq!(all.sums, ["Together", "", "€172", "", ""]);

    let held = shown(&one.read("/en/staff/pledges?state=held&sort=amount").await);
    assert_eq!(column(&held, 2), ["€25", "€40", "€100"]);
    assert_eq!(held.sums[2], "€165");
    let falling = shown(&one.read("/en/staff/pledges?state=held&sort=-amount&columns=amount,name").await);
    assert_eq!(falling.heads.len(), 3);
    assert_eq!(column(&falling, 2), ["Bert", "Cora", "Anna"]);

    let by_name = shown(&one.read("/en/staff/pledges?q=ann").await);
    assert_eq!(column(&by_name, 0), [references[0].as_str()]);
    assert!(one.read("/en/staff/pledges?q=%25").await.contains("Nothing found"), "a sign stands for itself");
    assert!(one.read("/nl/staff/pledges?kind=purchase").await.contains("Niets gevonden"));
    // a whole reference opens the pledge; what nobody knows is left out
    let (status, place) = one.get(&format!("/nl/staff/pledges?q={}", references[1].to_lowercase())).await;
    assert_eq!((status, place), (303, format!("/nl/staff/pledges/{}", references[1])));
    let odd = "/en/staff/pledges?state=x&sort=id%3BDROP&columns=x&page=0&q=&what=1";
    assert_eq!(column(&shown(&one.read(odd).await), 0), newest_first);
    assert!(shown(&one.read("/en/staff/pledges?page=99").await).rows.is_empty());
    app.verify().await;
}

#[tokio::test]
async fn every_list_opens_in_both_languages_by_every_order_and_as_a_file() {
    let app = App::start_demo().await;
    let admin = Browser::signed_in(&app, ADMIN).await;
    let lists = [
        "audit",
        "pledges",
        "payments",
        "refunds",
        "disputes",
        "cases",
        "organisations",
        "projects",
        "rounds",
        "users",
        "tranches",
    ];
    let link = Selector::parse("main .table-scroll thead a").expect("a selector");
    for list in lists {
        for lang in ["nl", "en"] {
            let path = format!("/{lang}/staff/{list}");
            let page = admin.read(&path).await;
            assert!(!page.contains("list-") && !page.contains("views-name"), "{path}: a text is missing");
            let orders: Vec<String> = Html::parse_document(&page)
                .select(&link)
                .map(|link| link.attr("href").expect("an address").to_owned())
                .collect();
            let count = shown(&page).rows.len();
            for order in orders {
                let ordered = admin.read(&order).await;
                assert_eq!(shown(&ordered).rows.len(), count, "{order}");
                assert!(ordered.contains("aria-sort="), "{order}");
            }
            let file = lines(&admin.file(&format!("{path}.csv")).await);
            assert!(file.len() > count && file[0].len() >= 4, "{path}");
        }
    }
    let projects = shown(&admin.read("/nl/staff/projects?round=3&columns=state").await);
    assert!(!projects.rows.is_empty() && projects.rows.iter().all(|row| row.len() == 2));
}

#[tokio::test]
async fn a_file_holds_what_the_page_shows_and_is_an_entry_of_the_log() {
    let app = App::start().await;
    with_gifts(&app).await;
    app.sql("UPDATE pledges SET name = '=1+1' WHERE name = 'Anna'").await.expect("a change");
    let one = Browser::treasurer(&app, 1).await;
    let query = "state=held&sort=-amount&columns=state%2Cname";
    let page = shown(&one.read(&format!("/en/staff/pledges?{query}")).await);
    let file = lines(&one.file(&format!("/en/staff/pledges.csv?{query}")).await);
    assert_eq!(file[0], page.heads);
    assert_eq!(file.len(), page.rows.len() + 1);
    for (line, row) in file[1..].iter().zip(&page.rows) {
        assert_eq!((&line[0], &line[1]), (&row[0], &row[1]));
        assert_eq!(line[2].trim_start_matches('\''), row[2]);
    }
    assert_eq!(file[3][2], "'=1+1", "no formula leaves in a cell");
    let amounts = lines(&one.file("/nl/staff/payments.csv?columns=amount&sort=amount").await);
    assert_eq!(
        amounts[1..].iter().map(|line| line[1].as_str()).collect::<Vec<_>>(),
        ["7.00", "25.00", "40.00", "100.00"]
    );
    let taken = "SELECT COUNT(*) FROM state_changes WHERE action = 'exported' AND subject_id = 'pledges'
                 AND reason = 'state=held&sort=-amount&columns=reference%2Cstate%2Cname'";
    assert_eq!(app.count(taken).await, 1);
    assert_eq!(Browser::new(&app).get("/nl/staff/pledges.csv").await.0, 303);
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    assert_eq!(reviewer.get("/nl/staff/users.csv").await.0, 403, "people are for admins");
    app.verify().await;
}

#[tokio::test]
async fn a_view_is_kept_renamed_and_removed_by_its_owner_alone() {
    let app = App::start().await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let query = "state=held&sort=-amount";
    let keep = |name: &'static str| [("list", "pledges"), ("query", query), ("name", name)];
    let (status, place) = one.post("/en/staff/views", &keep("  Large   ones ")).await;
    assert_eq!((status, place.as_str()), (303, "/en/staff/pledges?state=held&sort=-amount&done=view-kept"));
    let page = one.read("/en/staff/pledges").await;
    assert!(
        page.contains(">Large ones</a>") && page.contains("/en/staff/pledges?state=held&#38;sort=-amount"),
        "{page}"
    );
    assert!(!two.read("/en/staff/pledges").await.contains("Large ones"), "a view is its owner's");
    assert!(!one.read("/en/staff/payments").await.contains("Large ones"), "and its list's");
    for (name, words) in [("", "Fill in a name"), ("Large ones", "already have a view")] {
        let (status, page) = one.post_for_text("/en/staff/views", &keep(name)).await;
        assert!(status >= 400 && page.contains(words) && page.contains("error-summary"), "{name}: {status}");
    }
    assert_eq!(two.post("/en/staff/views", &keep("Large ones")).await.0, 303, "names are one's own");
    assert_eq!(one.post("/en/staff/views", &[("list", "letters"), ("query", ""), ("name", "x")]).await.0, 400);

    let id = page.split("/staff/views/").nth(1).and_then(|part| part.split('/').next()).expect("a view").to_owned();
    let (rename, remove) = (format!("/en/staff/views/{id}/rename"), format!("/en/staff/views/{id}/remove"));
    assert_eq!(two.post(&rename, &[("name", "Mine")]).await.0, 404);
    two.post(&remove, &[]).await;
    assert_eq!(one.post("/en/staff/views", &keep("Other")).await.0, 303);
    let (status, again) = one.post_for_text(&rename, &[("name", "Other")]).await;
    assert!(status == 422 && again.contains("already have a view"), "{status}");
    assert_eq!(one.post(&rename, &[("name", "The large")]).await.0, 303);
    let page = one.read("/en/staff/pledges").await;
    assert!(page.contains(">The large</a>") && !page.contains(">Large ones</a>"));
    assert_eq!(one.post(&remove, &[]).await.0, 303);
    assert!(!one.read("/en/staff/pledges").await.contains(">The large</a>"));

    for number in 1..20 {
        let name = format!("view {number}");
        let form = [("list", "pledges"), ("query", ""), ("name", name.as_str())];
        assert_eq!(one.post("/en/staff/views", &form).await.0, 303, "{number}");
    }
    let (status, page) = one.post_for_text("/en/staff/views", &keep("One too many")).await;
    assert!(status == 409 && page.contains("Remove one first"), "{status}");
    app.gift(500, "Eva").await;
    let backer = Browser::signed_in(&app, "eva@example.org").await;
    assert_eq!(backer.post("/en/staff/views", &keep("x")).await.0, 403);
}

async fn admin_of(app: &App) -> Browser {
    Browser::signed_in(app, ADMIN).await
}

#[tokio::test]
async fn the_day_shows_what_waits_for_whom_since_when_and_where_it_is_done() {
    let app = App::start().await;
    let references = with_gifts(&app).await;
    app.sql("INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, opened_at, reason)
             VALUES ('cas_1', 'stuck', 'x', 0, '', 'open', '', '', 0, '2026-01-05T09:00:00.000Z', '')")
        .await
        .expect("a case");
    app.sql("UPDATE organisations SET state = 'registered'").await.expect("a change");
    let (treasurer, reviewer) = (Browser::treasurer(&app, 1).await, Browser::signed_in(&app, REVIEWER).await);
    let (own, other) = ("What waits for others in the team", "/en/staff/organisations?state=registered");
    let page = treasurer.read("/en/staff").await;
    let (mine, others) = page.split_once(own).expect("two parts");
    assert!(mine.contains("/en/staff/cases\"") && mine.contains("since 5 Jan"), "{mine}");
    assert!(others.contains(other) && !mine.contains(other));
    let page = reviewer.read("/en/staff").await;
    let (mine, others) = page.split_once(own).expect("two parts");
    assert!(mine.contains(other) && others.contains("since 5 Jan"));

    // a pledge's page tells all of it, the newest first, and leads to the payment
    let page = treasurer.read(&format!("/en/staff/pledges/{}", references[0])).await;
    let told = Html::parse_document(&page);
    let moments = Selector::parse("ol.timeline time").expect("a selector");
    let moments: Vec<&str> = told.select(&moments).filter_map(|time| time.attr("datetime")).collect();
    assert!(moments.len() >= 2 && moments.is_sorted_by(|a, b| a >= b), "{moments:?}");
    assert!(page.contains("/en/staff/payments?q=pi_"));
    for number in 0..35 {
        let name = format!("view {number}");
        let done = "INSERT INTO state_changes (id, subject, subject_id, from_state, to_state, actor, reason, at, action, role, factor,
                        network, device, request)
                    SELECT $1, 'round', id, '', 'selling', 'test', $1, '2026-01-01T00:00:00.000Z', 'changed', '', '', '', '', '' FROM rounds";
        let mut tx = app.s.db.begin().await.expect("a transaction");
        sqlx::query(done).bind(&name).execute(&mut *tx).await.expect("an entry");
        tx.commit().await.expect("a commit");
    }
    let first = treasurer.read("/en/staff/rounds/1").await;
    let second = treasurer.read("/en/staff/rounds/1?page=2").await;
    assert!(first.contains("/en/staff/rounds/1?page=2") && first.contains("view 34") && !first.contains("view 0<"));
    assert!(second.contains("view 0<") || second.contains("view 0\n"), "the oldest are on the second page");
}

#[tokio::test]
async fn the_navigation_goes_by_subject_and_leads_to_no_closed_door() {
    let app = App::start_demo().await;
    let here = Selector::parse("main nav.tabs a").expect("a selector");
    for (email, is_admin) in
        [(REVIEWER, false), ("treasurer1@drempel.example", false), ("expert1@drempel.example", false), (ADMIN, true)]
    {
        let member = Browser::signed_in(&app, email).await;
        let mut seen = std::collections::BTreeSet::new();
        let mut waiting = vec!["/nl/staff".to_owned()];
        while let Some(path) = waiting.pop() {
            let page = member.read(&path).await;
            let page = Html::parse_document(&page);
            let current = page.select(&here).filter(|link| link.attr("aria-current").is_some()).count();
            assert_eq!(current, 2, "{path}: its subject and its page");
            for link in page.select(&here) {
                let url = link.attr("href").expect("an address").to_owned();
                if seen.insert(url.clone()) {
                    waiting.push(url);
                }
            }
        }
        assert_eq!(seen.contains("/nl/staff/users"), is_admin, "{email}");
        assert_eq!(seen.contains("/nl/staff/audit"), is_admin, "{email}");
        assert!(seen.len() >= 25, "{email}: {seen:?}");
    }
    let home = Browser::treasurer(&app, 1).await.read("/en/staff").await;
    assert!(home.contains("desk.") && home.contains("integrity=") && home.contains("<dialog id=\"keys\""));
    assert!(!admin_of(&app).await.read("/nl").await.contains("<dialog"), "the keys are for the team's pages");
    let admin = admin_of(&app).await;
    let page = admin.read("/nl/staff/shield").await;
    let page = Html::parse_document(&page);
    let current: Vec<String> =
        page.select(&here).filter(|link| link.attr("aria-current").is_some()).map(text).collect();
    assert_eq!(current, ["Geld erin", "Betalingen"]);
}

#[tokio::test]
async fn a_project_without_a_plan_has_a_page_and_its_history_tells_of_closings_payouts_and_corrections() {
    let app = measuring::world().await;
    let reviewer = Browser::signed_in(&app, REVIEWER).await;
    let path = "/nl/staff/projects/prj_1";
    assert!(reviewer.read("/nl/staff/projects").await.contains(&format!("href=\"{path}\"")));
    let page = reviewer.read(path).await;
    assert!(page.contains("nooit een plan ingediend") && page.contains("href=\"/nl/projects/kookclub\""), "{page}");
    assert!(!page.contains("Uitbetaling:"));
    for statement in [
        "INSERT INTO settlements (id, round_id, state, hash, reason, proposed_by, proposed_at, expires_at, approved_by, approved_at, finished_at)
         VALUES ('stl_9', 'rnd_1', 'done', 'x', 'x', 'usr_t1', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', 'usr_t2',
             '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO payable_totals (project_id, organisation_id, payable_cents, given_cents) VALUES ('prj_1', 'org_1', 1000, 1000)",
        "INSERT INTO tranches (id, decision_id, project_id, organisation_id, owed_to, kind, amount_cents, reason, state, way, generation,
             waits_for, planned_by, created_at)
         VALUES ('trn_9', 'trn_d', 'prj_1', 'org_1', 'org_1', 'start', 1000, 'x', 'proposed', '', 1, '', 'usr_t1',
             '2026-01-01T00:00:00.000Z')",
        "INSERT INTO waves (id, project_id, kind, measured_on, note_nl, note_en, author_id, created_at)
         VALUES ('wav_9', 'prj_1', 'end', '2026-01-01', '', '', 'usr_t1', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO verifications (id, project_id, wave_id, indicator, state, level, declared, checker, reason, deadline_day, handed_in_by,
             handed_in_at)
         VALUES ('ver_9', 'prj_1', 'wav_9', 'PI4060', 'corrected', '', 1, '', '', '', 'usr_t1', '2026-01-01T00:00:00.000Z')",
    ] {
        app.sql(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let mut tx = app.s.db.begin().await.expect("a transaction");
    for (subject, subject_id, to) in
        [("settlement", "stl_9", "done"), ("tranche", "trn_9", "confirmed"), ("verification", "ver_9", "corrected")]
    {
        let entry = Entry { subject, subject_id, from: "", to, actor: "usr_t1", reason: "" };
        history::record(&mut tx, app.s.clock.now(), entry).await.expect("an entry");
    }
    tx.commit().await.expect("a commit");
    let page = reviewer.read(path).await;
    for (words, place) in [
        ("Sluiting van de ronde: Uitgevoerd", "/nl/staff/rounds/1/closing"),
        ("Uitbetaling: Uitbetaald", "/nl/staff/payouts/trn_d"),
        ("Controle van een cijfer: verbeterd", "/nl/staff/verifications/ver_9"),
    ] {
        assert!(page.contains(words) && page.contains(&format!("href=\"{place}\"")), "{words}: {page}");
    }
    app.sql("UPDATE projects SET state = 'draft' WHERE id = 'prj_1'").await.expect("a draft");
    assert_eq!(reviewer.get(path).await.0, 404, "what its owner still writes is nobody else's business");
}
