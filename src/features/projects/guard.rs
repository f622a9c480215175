//! `Editor`: somebody who may change the project that the address names, as part of a handler's signature.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::features::organisations;
use crate::features::projects::{Project, actions};
use crate::features::users::guard::SignedIn;
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

impl FromRequestParts<Services> for Editor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Editor, Failure> {
        let person = SignedIn::from_request_parts(parts, services).await?;
        let params = RawPathParams::from_request_parts(parts, services).await.map_err(|_| Failure::not_found())?;
        let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug).unwrap_or_default();
        let mut conn = services.db.read().await?;
        let project = actions::by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
        match organisations::actions::member_role(&mut conn, &project.organisation_id, &person.user.id).await? {
            Some(role) if role.may_edit() => Ok(Editor { person, project }),
            Some(_) => Err(Failure::forbidden()),
            None => Err(Failure::not_found()),
        }
    }
}
