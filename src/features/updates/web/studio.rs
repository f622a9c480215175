//! The owner's pages: list, form, preview with the number of receivers, publish, undo, withdraw.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use crate::features::organisations::{self, MemberRole};
use crate::features::projects::{self, Project};
use crate::features::updates::actions::PictureChange;
use crate::features::updates::{Texts, Update, UpdateRefusal, UpdateState, actions};
use crate::features::users::guard::SignedIn;
use crate::infra::error::{Error, Refusal, Result as ActionResult};
use crate::infra::letters::{self, LetterState};
use crate::infra::pictures::{self, PictureRefusal};
use crate::infra::web::upload::{self, Uploaded};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, files, markdown};
use crate::values::Lang;

const FIELDS: [&str; 6] = ["title_nl", "body_nl", "title_en", "body_en", "picture_alt", "remove_picture"];

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/projects/{slug}/updates", get(list))
        .route("/{lang}/studio/projects/{slug}/updates/new", get(new_form).post(write).layer(upload::limit()))
        .route("/{lang}/studio/projects/{slug}/updates/{number}", get(show))
        .route(
            "/{lang}/studio/projects/{slug}/updates/{number}/edit",
            get(edit_form).post(rewrite).layer(upload::limit()),
        )
        .route("/{lang}/studio/projects/{slug}/updates/{number}/publish", post(publish))
        .route("/{lang}/studio/projects/{slug}/updates/{number}/undo", post(undo))
        .route("/{lang}/studio/projects/{slug}/updates/{number}/withdraw", post(withdraw))
}

#[derive(Template)]
#[template(path = "updates/list.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    updates: Vec<Update>,
    followers: i64,
}

#[derive(Template)]
#[template(path = "updates/form.html")]
struct FormPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    form: Form,
    /// The update that is being changed; none for a new one.
    update: Option<&'a Update>,
}

/// One language of an update as readers will see it.
struct Article {
    lang: Lang,
    title: String,
    html: String,
}

#[derive(Template)]
#[template(path = "updates/show.html")]
struct ShowPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    update: &'a Update,
    articles: Vec<Article>,
    picture: Option<files::File>,
    followers: i64,
    /// Letters by what became of them: sent, waiting, not wanted, failed.
    letters: [i64; 4],
}

impl ShowPage<'_> {
    fn is_draft(&self) -> bool {
        self.update.state == UpdateState::Draft
    }

    fn is_scheduled(&self) -> bool {
        self.update.state == UpdateState::Scheduled
    }

    fn is_published(&self) -> bool {
        self.update.state == UpdateState::Published
    }

    fn path(&self, part: &str) -> String {
        self.ctx.path(&format!("{}{part}", path(self.project, self.update.number)))
    }
}

fn path(project: &Project, number: i64) -> String {
    format!("/studio/projects/{}/updates/{number}", project.slug)
}

/// The project, when this person may write for it. Another organisation's project is answered as if there were none.
async fn own(s: &Services, person: &SignedIn, slug: &str) -> Result<Project, Failure> {
    let mut conn = s.db.read().await?;
    let project = projects::actions::by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
    match organisations::actions::member_role(&mut conn, &project.organisation_id, &person.user.id).await? {
        Some(MemberRole::Owner | MemberRole::Editor) => Ok(project),
        Some(MemberRole::Bookkeeper) => Err(Failure::forbidden()),
        None => Err(Failure::not_found()),
    }
}

async fn own_update(s: &Services, person: &SignedIn, slug: &str, number: i64) -> Result<(Project, Update), Failure> {
    let project = own(s, person, slug).await?;
    let update = actions::by_number(&mut *s.db.read().await?, &project.id, number).await?;
    Ok((project, update.ok_or_else(Failure::not_found)?))
}

async fn list(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug)): Path<(String, String)>,
) -> Answer {
    let project = own(&s, &person, &slug).await?;
    let mut conn = s.db.read().await?;
    let mut updates = actions::of_project(&mut conn, &project.id).await?;
    updates.retain(|update| update.state != UpdateState::Withdrawn);
    let followers = actions::count_followers(&mut conn, &project.id).await?;
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&ListPage { ctx: &ctx, project: &project, updates, followers })
}

async fn new_form(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug)): Path<(String, String)>,
) -> Answer {
    let project = own(&s, &person, &slug).await?;
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&FormPage { ctx: &ctx, project: &project, form: Form::default(), update: None })
}

/// What was typed and sent, looked at.
async fn parse(form: &Form, picture: Option<Vec<u8>>, had_picture: bool) -> ActionResult<(Texts, PictureChange)> {
    let has_picture = picture.is_some() || (had_picture && !form.ticked("remove_picture"));
    let texts = Texts::parse(|name| form.value(name), has_picture)?;
    let change = match picture {
        Some(file) => PictureChange::Set(pictures::take(file).await?),
        None if form.ticked("remove_picture") => PictureChange::Remove,
        None => PictureChange::Keep,
    };
    Ok((texts, change))
}

/// The form again with what is wrong, when it is something that can be mended there.
fn again(ctx: &Ctx, project: &Project, update: Option<&Update>, mut form: Form, error: Error) -> Answer {
    let refusal: &dyn Refusal = match (error.refusal::<UpdateRefusal>(), error.refusal::<PictureRefusal>()) {
        (Some(refusal), _) => refusal,
        (_, Some(refusal)) => refusal,
        _ => return Err(error.into()),
    };
    form.refuse(ctx.lang, refusal);
    ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &FormPage { ctx, project, form, update })
}

async fn write(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug)): Path<(String, String)>,
    sent: Uploaded,
) -> Answer {
    let project = own(&s, &person, &slug).await?;
    let form = sent.posted.allow(&FIELDS)?;
    let ctx = ctx.signed_in_as(person.label());
    let written = match parse(&form, sent.picture, false).await {
        Ok((texts, picture)) => actions::write(&s, &person.user.id, &project, &texts, picture).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(update) => Ok(ctx.redirect_done(&path(&project, update.number), "flash-update-saved")),
        Err(error) => again(&ctx, &project, None, form, error),
    }
}

async fn edit_form(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug, number)): Path<(String, String, i64)>,
) -> Answer {
    let (project, update) = own_update(&s, &person, &slug, number).await?;
    if update.state != UpdateState::Draft {
        return Err(Failure::from(Error::from(UpdateRefusal::NotADraft)));
    }
    let form = Form::with(&[
        ("title_nl", &update.title_nl),
        ("body_nl", &update.body_nl),
        ("title_en", &update.title_en),
        ("body_en", &update.body_en),
        ("picture_alt", &update.picture_alt),
    ]);
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&FormPage { ctx: &ctx, project: &project, form, update: Some(&update) })
}

async fn rewrite(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug, number)): Path<(String, String, i64)>,
    sent: Uploaded,
) -> Answer {
    let (project, update) = own_update(&s, &person, &slug, number).await?;
    let form = sent.posted.allow(&FIELDS)?;
    let ctx = ctx.signed_in_as(person.label());
    let rewritten = match parse(&form, sent.picture, update.picture_id.is_some()).await {
        Ok((texts, picture)) => actions::rewrite(&s, &update, &texts, picture).await,
        Err(error) => Err(error),
    };
    match rewritten {
        Ok(()) => Ok(ctx.redirect_done(&path(&project, number), "flash-update-saved")),
        Err(error) => again(&ctx, &project, Some(&update), form, error),
    }
}

async fn show(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug, number)): Path<(String, String, i64)>,
) -> Answer {
    let (project, update) = own_update(&s, &person, &slug, number).await?;
    let mut conn = s.db.read().await?;
    let mut letters = [0; 4];
    for (state, count) in letters::counts_of(&mut conn, "update", &update.id).await? {
        let place = match state {
            LetterState::Sent => 0,
            LetterState::Queued => 1,
            LetterState::Skipped => 2,
            LetterState::Failed => 3,
        };
        letters[place] = count;
    }
    let picture = match &update.picture_id {
        Some(id) => files::find(&mut conn, id).await?,
        None => None,
    };
    let followers = actions::count_followers(&mut conn, &project.id).await?;
    let articles = update
        .languages()
        .into_iter()
        .map(|lang| Article { lang, title: update.title(lang).to_owned(), html: markdown::html(update.body(lang), 2) })
        .collect();
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&ShowPage { ctx: &ctx, project: &project, update: &update, articles, picture, followers, letters })
}

async fn publish(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug, number)): Path<(String, String, i64)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let (project, update) = own_update(&s, &person, &slug, number).await?;
    actions::schedule(&s, &person.user.id, &project, &update).await?;
    Ok(ctx.redirect_done(&path(&project, number), "flash-update-scheduled"))
}

async fn undo(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug, number)): Path<(String, String, i64)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let (project, update) = own_update(&s, &person, &slug, number).await?;
    actions::undo(&s, &person.user.id, &update).await?;
    Ok(ctx.redirect_done(&path(&project, number), "flash-update-undone"))
}

async fn withdraw(
    ctx: Ctx,
    person: SignedIn,
    State(s): State<Services>,
    Path((_lang, slug, number)): Path<(String, String, i64)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let (project, update) = own_update(&s, &person, &slug, number).await?;
    actions::withdraw(&s, &person.user.id, &update).await?;
    Ok(ctx.redirect_done(&format!("/studio/projects/{}/updates", project.slug), "flash-update-withdrawn"))
}
