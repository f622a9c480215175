//! The books for the bookkeeper: the statement of one account over a period, and the trial balance; as page, CSV and workbook.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use futures::stream;

use crate::features::ledger::statement::{self, Entry, Period, Place, Turnover};
use crate::features::staff::{Known, audit};
use crate::features::users::guard::Staff;
use crate::features::{match_funds, organisations};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::sheet::{Book, Cell, Column};
use crate::infra::web::ctx::Given;
use crate::infra::web::{Answer, Ctx, Failure, Form};
use crate::infra::{Services, csv as cells, texts};
use crate::values::time::{days_after, read_day};
use crate::values::{Cents, Lang, Timestamp};

/// Lines that the page shows; the files hold them all.
const SHOWN: i64 = 500;
/// Lines read at once for a file.
const PAGE: i64 = 20_000;

/// The account shown when none is chosen.
const FIRST_ACCOUNT: &str = "bank";

/// What the address asks for: `?from=2026-01-01&to=2026-12-31&account=bank`. Days are Amsterdam's, both inclusive.
struct Asked {
    form: Form,
    account: String,
    period: Period,
}

impl Asked {
    /// Reads a query; what is missing is this month, and the bank.
    fn read(lang: Lang, query: Option<&str>, now: Timestamp) -> Asked {
        let mut form = Form::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if ["from", "to", "account"].contains(&name.as_ref()) {
                form.set(&name, &value);
            }
        }
        let today = now.day();
        let month_begins = format!("{}-01", today.get(..7).unwrap_or_default());
        for (name, default) in [("from", month_begins.as_str()), ("to", &today), ("account", FIRST_ACCOUNT)] {
            if form.value(name).trim().is_empty() {
                form.set(name, default);
            }
        }
        let mut moment = |name: &str, after: bool| {
            let day = read_day(form.value(name));
            let day = if after { day.and_then(|day| days_after(&day, 1)) } else { day };
            let at = day.and_then(|day| Timestamp::start_of_day(&day));
            if at.is_none() {
                form.fail_key(lang, name, "books-day-wrong");
            }
            at.unwrap_or(now)
        };
        let period = Period { from: moment("from", false), before: moment("to", true) };
        if !form.has_errors() && period.from >= period.before {
            form.fail_key(lang, "to", "books-period-wrong");
        }
        Asked { account: form.value("account").to_owned(), form, period }
    }

    /// The address of a file with the same choice.
    fn url(&self, ctx: &Ctx, extension: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in ["from", "to", "account"] {
            query.append_pair(name, self.form.value(name));
        }
        ctx.path(&format!("/staff/books{extension}?{}", query.finish()))
    }

    /// The name of a file: `account-bank-2026-01-01-2026-12-31.csv`.
    fn file_name(&self, extension: &str) -> String {
        let plain: String = format!("account-{}-{}-{}", self.account, self.form.value("from"), self.form.value("to"))
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
            .collect();
        format!("{plain}{extension}")
    }
}

/// What an account is called: `Vastgehouden bijdragen: Kookclub`.
async fn name(conn: &mut Conn, known: &mut Known, lang: Lang, account: &str) -> Result<String> {
    let mut parts = account.split(':');
    let key = format!("ledger-account-{}", parts.next().unwrap_or_default());
    let mut name = if texts::exists(lang, &key) { texts::text(lang, &key) } else { account.to_owned() };
    for id in parts {
        let of = match id.split('_').next() {
            Some("prj") => known.project(conn, id).await?.title(lang).to_owned(),
            Some("org") => organisations::actions::get(conn, id).await?.name,
            Some("mfd") => match_funds::actions::get(conn, id).await?.name(lang).to_owned(),
            _ => id.to_owned(),
        };
        name = format!("{name}: {of}");
    }
    Ok(name)
}

/// Accounts with their names, so that each is looked up once.
#[derive(Default)]
struct Names {
    known: Known,
    names: std::collections::BTreeMap<String, String>,
}

impl Names {
    async fn of(&mut self, conn: &mut Conn, lang: Lang, account: &str) -> Result<String> {
        if let Some(name) = self.names.get(account) {
            return Ok(name.clone());
        }
        let name = name(conn, &mut self.known, lang, account).await?;
        self.names.insert(account.to_owned(), name.clone());
        Ok(name)
    }

    async fn all(&mut self, conn: &mut Conn, lang: Lang, accounts: &[String]) -> Result<String> {
        let mut names = Vec::with_capacity(accounts.len());
        for account in accounts {
            names.push(self.of(conn, lang, account).await?);
        }
        Ok(names.join(", "))
    }
}

struct Row {
    entry: Entry,
    counter: String,
    kind: String,
}

/// A line of the trial balance, with the account's name.
struct Sum {
    name: String,
    turnover: Turnover,
}

#[derive(Template)]
#[template(path = "staff/books.html")]
struct BooksPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    accounts: Vec<(String, String)>,
    account_name: String,
    opening: Cents,
    closing: Cents,
    debit: Cents,
    credit: Cents,
    rows: Vec<Row>,
    /// There are more lines than the page shows.
    is_cut: bool,
    sums: Vec<Sum>,
    /// Of the trial balance: opening, debit, credit, closing.
    totals: [Cents; 4],
    csv_url: String,
    xlsx_url: String,
}

impl BooksPage<'_> {
    /// An amount in its column; nothing where there is none.
    fn amount(&self, amount: impl Given<Cents>) -> String {
        let amount = amount.given();
        if amount == Cents::ZERO { String::new() } else { self.ctx.euros(amount) }
    }
}

fn totals(sums: &[Sum]) -> [Cents; 4] {
    let total = |of: fn(&Turnover) -> Cents| sums.iter().map(|sum| of(&sum.turnover)).sum();
    [total(|t| t.opening), total(|t| t.debit), total(|t| t.credit), total(Turnover::closing)]
}

fn kind_name(lang: Lang, kind: &str) -> String {
    texts::text(lang, &format!("ledger-kind-{kind}"))
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let asked = Asked::read(ctx.lang, query.as_deref(), ctx.now);
    let mut conn = s.db.read().await?;
    let mut names = Names::default();
    let mut sums = Vec::new();
    for turnover in statement::trial_balance(&mut conn, asked.period).await? {
        sums.push(Sum { name: names.of(&mut conn, ctx.lang, &turnover.account).await?, turnover });
    }
    let chosen = sums.iter().find(|sum| sum.turnover.account == asked.account).map(|sum| sum.turnover.clone());
    let place = Place::first(&mut conn, &asked.account, asked.period).await?;
    let (entries, _) = statement::page(&mut conn, &asked.account, asked.period, &place, SHOWN + 1).await?;
    let is_cut = i64::try_from(entries.len()).is_ok_and(|count| count > SHOWN);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().take(usize::try_from(SHOWN).unwrap_or_default()) {
        let counter = names.all(&mut conn, ctx.lang, &entry.counter_accounts).await?;
        rows.push(Row { counter, kind: kind_name(ctx.lang, &entry.line.kind), entry });
    }
    let account_name = names.of(&mut conn, ctx.lang, &asked.account).await.unwrap_or_else(|_| asked.account.clone());
    let mut accounts: Vec<(String, String)> =
        sums.iter().map(|sum| (sum.turnover.account.clone(), sum.name.clone())).collect();
    if chosen.is_none() {
        accounts.insert(0, (asked.account.clone(), account_name.clone()));
    }
    let page = BooksPage {
        ctx: &ctx,
        form: &asked.form,
        accounts,
        account_name,
        opening: place.balance,
        closing: chosen.as_ref().map_or(place.balance, Turnover::closing),
        debit: chosen.as_ref().map_or(Cents::ZERO, |turnover| turnover.debit),
        credit: chosen.as_ref().map_or(Cents::ZERO, |turnover| turnover.credit),
        rows,
        is_cut,
        totals: totals(&sums),
        sums,
        csv_url: asked.url(&ctx, ".csv"),
        xlsx_url: asked.url(&ctx, ".xlsx"),
    };
    let status = if asked.form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    ctx.page_with(status, &page)
}

/// The heads of the columns, in both files.
const HEADS: [&str; 9] = [
    "books-recorded",
    "books-occurred",
    "books-kind",
    "books-counter",
    "books-debit",
    "books-credit",
    "books-balance",
    "staff-reference",
    "books-transaction",
];

/// A wrong period is a wrong address: the page says what is wrong, a file is not made.
fn for_file(ctx: &Ctx, query: Option<&str>) -> std::result::Result<Asked, Failure> {
    let asked = Asked::read(ctx.lang, query, ctx.now);
    if asked.form.has_errors() {
        return Err(Failure::of(crate::infra::error::Sort::Invalid, 422, "books-period-wrong"));
    }
    Ok(asked)
}

/// The statement as CSV, sent page by page. A fault in the middle breaks the download off.
pub async fn csv(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let asked = for_file(&ctx, query.as_deref())?;
    audit::exported(&s, &staff.0.user.id, "books", &asked.file_name(".csv")).await?;
    let (account, period, lang) = (asked.account.clone(), asked.period, ctx.lang);
    let mut conn = s.db.read().await?;
    let place = Place::first(&mut conn, &account, period).await?;
    let name = name(&mut conn, &mut Known::default(), lang, &account).await?;
    drop(conn);
    let mut first = cells::line(&HEADS.map(|key| ctx.t(key)));
    first.push_str(&edge(&format!("{}: {name}", ctx.t("books-opening")), place.balance));
    let last = ctx.t("books-closing");
    let pages = stream::try_unfold(Some((first, Some(place), Names::default())), move |state| {
        let (s, account, last) = (s.clone(), account.clone(), last.clone());
        async move {
            let Some((text, place, mut names)) = state else { return Ok::<_, Error>(None) };
            let Some(place) = place else { return Ok(Some((Bytes::from(text), None))) };
            let mut conn = s.db.read().await?;
            let (entries, next) = statement::page(&mut conn, &account, period, &place, PAGE).await?;
            let is_last = entries.is_empty();
            let mut following = String::new();
            for entry in &entries {
                let counter = names.all(&mut conn, lang, &entry.counter_accounts).await?;
                following.push_str(&csv_line(lang, entry, counter));
            }
            if is_last {
                following = edge(&last, next.balance);
            }
            Ok(Some((Bytes::from(text), Some((following, (!is_last).then_some(next), names)))))
        }
    });
    let disposition = format!("attachment; filename=\"{}\"", asked.file_name(".csv"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}

/// The first or last line: a word and a balance.
fn edge(word: &str, balance: Cents) -> String {
    format!(",,{},,,,{},,\r\n", cells::cell(word), balance.plain())
}

fn csv_line(lang: Lang, entry: &Entry, counter: String) -> String {
    let moment = |at: Timestamp| {
        let (year, month, day, hour, minute, second) = at.parts();
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    };
    let amount = |amount: Cents| if amount == Cents::ZERO { String::new() } else { amount.plain() };
    // amounts and moments are ours; what may hold words of people is made safe
    format!(
        "{},{},{},{},{},{},{},{},{}\r\n",
        moment(entry.line.recorded_at),
        moment(entry.line.occurred_at),
        cells::cell(&kind_name(lang, &entry.line.kind)),
        cells::cell(&counter),
        amount(entry.debit()),
        amount(entry.credit()),
        entry.balance.plain(),
        cells::cell(&entry.line.reference),
        cells::cell(&entry.line.transaction_id),
    )
}

/// The statement and the trial balance as a workbook. Rows pass through a temporary file: memory holds the packed result alone.
pub async fn xlsx(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let asked = for_file(&ctx, query.as_deref())?;
    audit::exported(&s, &staff.0.user.id, "books", &asked.file_name(".xlsx")).await?;
    let mut conn = s.db.read().await?;
    let mut names = Names::default();
    let mut book = Book::default();
    statement_table(&ctx, &mut conn, &mut names, &asked, &mut book).await?;
    trial_table(&ctx, &mut conn, &mut names, &asked, &mut book).await?;
    drop(conn);
    let bytes = tokio::task::spawn_blocking(move || book.finish()).await.map_err(Error::broken)??;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", asked.file_name(".xlsx"))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

async fn statement_table(ctx: &Ctx, conn: &mut Conn, names: &mut Names, asked: &Asked, book: &mut Book) -> Result<()> {
    let widths = [20, 20, 24, 48, 14, 14, 16, 18, 40];
    let columns: Vec<Column> =
        HEADS.iter().zip(widths).map(|(key, width)| Column { head: ctx.t(key), width }).collect();
    book.table(&ctx.t("books-statement"), &columns)?;
    let mut place = Place::first(conn, &asked.account, asked.period).await?;
    let name = names.of(conn, ctx.lang, &asked.account).await?;
    let edge = |word: String, balance: Cents| {
        [Cell::Empty, Cell::Empty, Cell::Text(word), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Amount(balance)]
    };
    book.row(&edge(format!("{}: {name}", ctx.t("books-opening")), place.balance))?;
    loop {
        let (entries, next) = statement::page(conn, &asked.account, asked.period, &place, PAGE).await?;
        place = next;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            let counter = names.all(conn, ctx.lang, &entry.counter_accounts).await?;
            let amount = |amount: Cents| if amount == Cents::ZERO { Cell::Empty } else { Cell::Amount(amount) };
            book.row(&[
                Cell::Moment(entry.line.recorded_at),
                Cell::Moment(entry.line.occurred_at),
                Cell::Text(kind_name(ctx.lang, &entry.line.kind)),
                Cell::Text(counter),
                amount(entry.debit()),
                amount(entry.credit()),
                Cell::Amount(entry.balance),
                Cell::Text(entry.line.reference),
                Cell::Text(entry.line.transaction_id),
            ])?;
        }
    }
    book.row(&edge(ctx.t("books-closing"), place.balance))
}

async fn trial_table(ctx: &Ctx, conn: &mut Conn, names: &mut Names, asked: &Asked, book: &mut Book) -> Result<()> {
    let heads = [
        ("books-account", 60),
        ("books-opening", 16),
        ("books-debit", 16),
        ("books-credit", 16),
        ("books-closing", 16),
    ];
    let columns: Vec<Column> = heads.iter().map(|(key, width)| Column { head: ctx.t(key), width: *width }).collect();
    book.table(&ctx.t("books-trial"), &columns)?;
    for turnover in statement::trial_balance(conn, asked.period).await? {
        book.row(&[
            Cell::Text(names.of(conn, ctx.lang, &turnover.account).await?),
            Cell::Amount(turnover.opening),
            Cell::Amount(turnover.debit),
            Cell::Amount(turnover.credit),
            Cell::Amount(turnover.closing()),
        ])?;
    }
    Ok(())
}
