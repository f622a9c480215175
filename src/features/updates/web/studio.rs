//! The owner's pages: list, form, preview with the number of receivers, publish, undo, withdraw.

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post};

use crate::features::pledges;
use crate::features::projects::Project;
use crate::features::projects::guard::Editor;
use crate::features::updates::actions::PictureChange;
use crate::features::updates::answers::{self, Question};
use crate::features::updates::digest;
use crate::features::updates::{Audience, Texts, Update, UpdateRefusal, UpdateState, actions};
use crate::infra::error::{Error, Refusal, Result as ActionResult};
use crate::infra::letters::mailings::Tally;
use crate::infra::pictures::PictureRefusal;
use crate::infra::web::upload::{self, Uploaded};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, reload};
use crate::infra::{Services, files, limits, markdown};
use crate::values::Lang;

const FIELDS: [&str; 8] =
    ["audience", "question", "title_nl", "body_nl", "title_en", "body_en", "picture_alt", "remove_picture"];

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
    /// What coalitions of its organisation want to find out.
    questions: Vec<Question>,
}

impl FormPage<'_> {
    /// The choices of whom it is for.
    fn audiences(&self) -> Vec<(&'static str, String)> {
        let text = |audience: &Audience| self.ctx.t(format!("updates-audience-{audience}"));
        Audience::ALL.iter().map(|audience| (audience.as_str(), text(audience))).collect()
    }

    /// The questions to choose from; one that was answered and is not asked any more stays a choice.
    fn answered(&self) -> Vec<(String, String)> {
        self.questions.iter().map(|question| (question.value(), question.text(self.ctx.lang).to_owned())).collect()
    }
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
    /// How many people get it by mail.
    receivers: i64,
    letters: Tally,
    /// How many hear of it in a digest.
    digests: i64,
    /// Letters are still being written.
    preparing: bool,
    reloads: bool,
}

impl ShowPage<'_> {
    fn is_draft(&self) -> bool {
        self.update.state == UpdateState::Draft
    }

    fn is_scheduled(&self) -> bool {
        self.update.state == UpdateState::Scheduled
    }

    fn is_message(&self) -> bool {
        self.update.audience == Audience::Backers
    }

    fn is_published(&self) -> bool {
        self.update.state == UpdateState::Published
    }

    /// Whether letters are on their way.
    fn is_mailing(&self) -> bool {
        self.is_published() && (self.preparing || self.letters.queued > 0)
    }

    /// How many letters there will be, as far as it is known.
    fn expected(&self) -> i64 {
        if self.preparing { self.letters.all().max(self.receivers - self.digests).max(1) } else { self.letters.all() }
    }

    fn path(&self, part: &str) -> String {
        self.ctx.path(&format!("{}{part}", path(self.project, self.update.number)))
    }
}

fn path(project: &Project, number: i64) -> String {
    format!("/studio/projects/{}/updates/{number}", project.slug)
}

/// An update of the editor's project, by the number in the address.
struct Own {
    editor: Editor,
    update: Update,
}

impl FromRequestParts<Services> for Own {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Own, Failure> {
        let editor = Editor::from_request_parts(parts, services).await?;
        let params = RawPathParams::from_request_parts(parts, services).await.map_err(|_| Failure::not_found())?;
        let number = params.iter().find(|(name, _)| *name == "number").and_then(|(_, number)| number.parse().ok());
        let number = number.ok_or_else(Failure::not_found)?;
        let update = actions::by_number(&mut *services.db.read().await?, &editor.project.id, number).await?;
        Ok(Own { editor, update: update.ok_or_else(Failure::not_found)? })
    }
}

impl Own {
    fn path(&self) -> String {
        path(&self.editor.project, self.update.number)
    }

    fn user_id(&self) -> &str {
        &self.editor.person.user.id
    }
}

async fn list(ctx: Ctx, Editor { person, project }: Editor, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read().await?;
    let mut updates = actions::of_project(&mut conn, &project.id).await?;
    updates.retain(|update| update.state != UpdateState::Withdrawn);
    let followers = actions::count_followers(&mut conn, &project.id).await?;
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&ListPage { ctx: &ctx, project: &project, updates, followers })
}

/// The questions an update of this project may answer; the one it answers already is among them.
async fn questions(s: &Services, project: &Project, update: Option<&Update>) -> ActionResult<Vec<Question>> {
    let mut conn = s.db.read().await?;
    let mut questions = answers::questions(&mut conn, project).await?;
    if let Some(update) = update {
        let own = answers::of_update(&mut conn, &update.id).await?;
        questions.extend(own.filter(|own| !questions.contains(own)));
    }
    Ok(questions)
}

/// The question that was chosen; what is not among them is none.
fn chosen<'a>(form: &Form, questions: &'a [Question]) -> Option<&'a Question> {
    questions.iter().find(|question| question.value() == form.value("question"))
}

async fn new_form(
    ctx: Ctx,
    Editor { person, project }: Editor,
    State(s): State<Services>,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let is_message = query.is_some_and(|query| query == "audience=backers");
    if is_message {
        person.require_factor(&ctx, &ctx.rest)?;
    }
    let audience = if is_message { Audience::Backers } else { Audience::Everybody };
    let form = Form::with(&[("audience", audience.as_str())]);
    let questions = questions(&s, &project, None).await?;
    ctx.page(&FormPage { ctx: &ctx, project: &project, form, update: None, questions })
}

/// What was typed and sent, looked at.
async fn parse(
    s: &Services,
    form: &Form,
    picture: Option<Vec<u8>>,
    had_picture: bool,
) -> ActionResult<(Texts, PictureChange)> {
    let has_picture = picture.is_some() || (had_picture && !form.ticked("remove_picture"));
    let texts = Texts::parse(|name| form.value(name), has_picture)?;
    let change = match picture {
        Some(file) => PictureChange::Set(s.decoder.take(file).await?),
        None if form.ticked("remove_picture") => PictureChange::Remove,
        None => PictureChange::Keep,
    };
    Ok((texts, change))
}

/// The form again with what is wrong, when it is something that can be mended there.
fn again(
    ctx: &Ctx,
    project: &Project,
    update: Option<&Update>,
    (mut form, questions): (Form, Vec<Question>),
    error: Error,
) -> Answer {
    let refusal: &dyn Refusal = match (error.refusal::<UpdateRefusal>(), error.refusal::<PictureRefusal>()) {
        (Some(refusal), _) => refusal,
        (_, Some(refusal)) => refusal,
        _ => return Err(error.into()),
    };
    form.refuse(ctx.lang, refusal);
    ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &FormPage { ctx, project, form, update, questions })
}

async fn write(ctx: Ctx, Editor { person, project }: Editor, State(s): State<Services>, sent: Uploaded) -> Answer {
    let form = sent.posted.allow(&FIELDS)?;
    let ctx = ctx.signed_in_as(person.label());
    let questions = questions(&s, &project, None).await?;
    let question = chosen(&form, &questions);
    let written = match parse(&s, &form, sent.picture, false).await {
        Ok((texts, picture)) => actions::write(&s, &person.user.id, &project, &texts, question, picture).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(update) => Ok(ctx.redirect_done(&path(&project, update.number), "flash-update-saved")),
        Err(error) => again(&ctx, &project, None, (form, questions), error),
    }
}

async fn edit_form(
    ctx: Ctx,
    Own { editor: Editor { person, project }, update }: Own,
    State(s): State<Services>,
) -> Answer {
    if update.state != UpdateState::Draft {
        return Err(Failure::from(Error::from(UpdateRefusal::NotADraft)));
    }
    let answered = answers::of_update(&mut *s.db.read().await?, &update.id).await?;
    let answered = answered.map(|question| question.value()).unwrap_or_default();
    let form = Form::with(&[
        ("audience", update.audience.as_str()),
        ("question", &answered),
        ("title_nl", &update.title_nl),
        ("body_nl", &update.body_nl),
        ("title_en", &update.title_en),
        ("body_en", &update.body_en),
        ("picture_alt", &update.picture_alt),
    ]);
    let ctx = ctx.signed_in_as(person.label());
    let questions = questions(&s, &project, Some(&update)).await?;
    ctx.page(&FormPage { ctx: &ctx, project: &project, form, update: Some(&update), questions })
}

async fn rewrite(ctx: Ctx, own: Own, State(s): State<Services>, sent: Uploaded) -> Answer {
    let form = sent.posted.allow(&FIELDS)?;
    let ctx = ctx.signed_in_as(own.editor.person.label());
    let questions = questions(&s, &own.editor.project, Some(&own.update)).await?;
    let question = chosen(&form, &questions);
    let rewritten = match parse(&s, &form, sent.picture, own.update.picture_id.is_some()).await {
        Ok((texts, picture)) => actions::rewrite(&s, &own.update, &texts, question, picture).await,
        Err(error) => Err(error),
    };
    match rewritten {
        Ok(()) => Ok(ctx.redirect_done(&own.path(), "flash-update-saved")),
        Err(error) => again(&ctx, &own.editor.project, Some(&own.update), (form, questions), error),
    }
}

async fn show(
    ctx: Ctx,
    Own { editor: Editor { person, project }, update }: Own,
    State(s): State<Services>,
    RawQuery(query): RawQuery,
) -> Answer {
    let mut conn = s.db.read().await?;
    let (letters, preparing) = actions::mailing(&mut conn, &update.id).await?;
    let digests = digest::count_of(&mut conn, &update.id).await?;
    let picture = match &update.picture_id {
        Some(id) => files::find(&mut conn, id).await?,
        None => None,
    };
    let receivers = match update.audience {
        Audience::Everybody => actions::count_followers(&mut conn, &project.id).await?,
        Audience::Backers => pledges::actions::count_backers(&mut conn, &project.id).await?,
    };
    let articles = update
        .languages()
        .into_iter()
        .map(|lang| Article { lang, title: update.title(lang).to_owned(), html: markdown::html(update.body(lang), 2) })
        .collect();
    let ctx = ctx.signed_in_as(person.label());
    let page = ShowPage {
        ctx: &ctx,
        project: &project,
        update: &update,
        articles,
        picture,
        receivers,
        letters,
        digests,
        preparing,
        reloads: reload::wanted(query.as_deref()),
    };
    let response = ctx.page(&page)?;
    if page.reloads && page.is_mailing() { reload::again(response, &page.path("")) } else { Ok(response) }
}

/// A message goes to backers, so whoever sends one gave a second factor.
async fn publish(ctx: Ctx, own: Own, State(s): State<Services>, posted: Posted) -> Answer {
    posted.allow(&[])?;
    if own.update.audience == Audience::Backers {
        own.editor.person.require_factor(&ctx, &own.path())?;
    }
    limits::count_alone(&s, &[(limits::COMMENTS, own.user_id())]).await?;
    actions::schedule(&s, own.user_id(), &own.editor.project, &own.update).await?;
    Ok(ctx.redirect_done(&own.path(), "flash-update-scheduled"))
}

async fn undo(ctx: Ctx, own: Own, State(s): State<Services>, posted: Posted) -> Answer {
    posted.allow(&[])?;
    actions::undo(&s, own.user_id(), &own.update).await?;
    Ok(ctx.redirect_done(&own.path(), "flash-update-undone"))
}

async fn withdraw(ctx: Ctx, own: Own, State(s): State<Services>, posted: Posted) -> Answer {
    posted.allow(&[])?;
    actions::withdraw(&s, own.user_id(), &own.update).await?;
    Ok(ctx.redirect_done(&own.editor.studio_path("/updates"), "flash-update-withdrawn"))
}
