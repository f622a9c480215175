//! Members of the project that the address names, as part of a handler's signature: `Member` may look, `Editor` may change,
//! `ProjectOwner` decides, `MoneyReader` sees the money; and `AskedPartner` reads a plan that others ask his organisation to join.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::features::organisations::guard::OrganisationMember;
use crate::features::organisations::{self, MemberRole};
use crate::features::projects::shares::{self, Share};
use crate::features::projects::{Project, actions};
use crate::features::users::guard::{Acting, SignedIn};
use crate::infra::Services;
use crate::infra::web::Failure;

/// A member of the organisation that owns the project of this address, as owner or editor. The address has a part `{slug}`.
///
/// Another organisation's project is answered as if there were none; a bookkeeper of the own one is told that it is not allowed.
#[derive(Debug, Clone)]
pub struct Editor {
    pub person: SignedIn,
    /// As it was when the request began: what decides is read again under a lock.
    pub project: Project,
}

impl Editor {
    /// A path of this project in the owner's pages: `/studio/projects/{slug}` and what follows.
    pub fn studio_path(&self, part: &str) -> String {
        format!("/studio/projects/{}{part}", self.project.slug)
    }
}

/// An owner of the organisation that owns the project of this address.
#[derive(Debug, Clone)]
pub struct ProjectOwner {
    pub person: SignedIn,
    pub project: Project,
}

/// Somebody who sees the money of the project of this address: an owner or a bookkeeper.
#[derive(Debug, Clone)]
pub struct MoneyReader {
    pub person: SignedIn,
    pub project: Project,
    pub role: MemberRole,
}

/// A member of the organisation that owns the project of this address, whatever the role: who may look at what is not public.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: SignedIn,
    /// As it was when the request began.
    pub project: Project,
    pub role: MemberRole,
}

impl Member {
    /// A path of this project in the owner's pages.
    pub fn studio_path(&self, part: &str) -> String {
        format!("/studio/projects/{}{part}", self.project.slug)
    }
}

impl Acting for Editor {
    fn person(&self) -> &SignedIn {
        &self.person
    }
}

impl Acting for ProjectOwner {
    fn person(&self) -> &SignedIn {
        &self.person
    }
}

impl FromRequestParts<Services> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Member, Failure> {
        let person = SignedIn::from_request_parts(parts, services).await?;
        let params = RawPathParams::from_request_parts(parts, services).await.map_err(|_| Failure::not_found())?;
        let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug).unwrap_or_default();
        let mut conn = services.db.read().await?;
        let project = actions::by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
        let role = organisations::actions::member_role(&mut conn, &project.organisation_id, &person.user.id).await?;
        Ok(Member { person, project, role: role.ok_or_else(Failure::not_found)? })
    }
}

impl FromRequestParts<Services> for ProjectOwner {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<ProjectOwner, Failure> {
        let Member { person, project, role } = Member::from_request_parts(parts, services).await?;
        if role == MemberRole::Owner { Ok(ProjectOwner { person, project }) } else { Err(Failure::forbidden()) }
    }
}

impl FromRequestParts<Services> for MoneyReader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<MoneyReader, Failure> {
        let Member { person, project, role } = Member::from_request_parts(parts, services).await?;
        if role.sees_money() { Ok(MoneyReader { person, project, role }) } else { Err(Failure::forbidden()) }
    }
}

impl FromRequestParts<Services> for Editor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Editor, Failure> {
        let Member { person, project, role } = Member::from_request_parts(parts, services).await?;
        if role.may_edit() { Ok(Editor { person, project }) } else { Err(Failure::forbidden()) }
    }
}

/// A member of an organisation that is asked to carry out somebody else's project, or agreed to. The address has the organisation as
/// `{slug}` and the project's slug as `{id}`. Who is not asked, or said no, finds nothing.
#[derive(Debug, Clone)]
pub struct AskedPartner {
    pub own: OrganisationMember,
    /// As it was when the request began.
    pub project: Project,
    pub share: Share,
}

impl AskedPartner {
    /// A path of the plan in the partner's pages.
    pub fn path(&self, part: &str) -> String {
        self.own.path(&format!("/shares/{}{part}", self.project.slug))
    }
}

impl Acting for AskedPartner {
    fn person(&self) -> &SignedIn {
        &self.own.person
    }
}

impl FromRequestParts<Services> for AskedPartner {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<AskedPartner, Failure> {
        let own = OrganisationMember::from_request_parts(parts, services).await?;
        let params = RawPathParams::from_request_parts(parts, services).await.map_err(|_| Failure::not_found())?;
        let slug = params.iter().find(|(name, _)| *name == "id").map(|(_, slug)| slug).unwrap_or_default();
        let mut conn = services.db.read().await?;
        let project = actions::by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
        let share = shares::share_of(&mut conn, &project.id, &own.organisation.id).await?;
        let is_asked = |share: &Share| share.refusal.is_none() && own.organisation.id != project.organisation_id;
        let share = share.filter(is_asked).ok_or_else(Failure::not_found)?;
        Ok(AskedPartner { own, project, share })
    }
}
