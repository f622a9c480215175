//! `OrganisationMember` and `OrganisationOwner`: who may do something for the organisation that the address names, as part of a
//! handler's signature.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::features::organisations::{MemberRole, Organisation, actions};
use crate::features::users::guard::{Acting, SignedIn};
use crate::infra::Services;
use crate::infra::web::Failure;

/// A member of the organisation of this address, which has a part `{slug}`. Another's organisation is answered as if there were none.
#[derive(Debug, Clone)]
pub struct OrganisationMember {
    pub person: SignedIn,
    /// As it was when the request began: what decides is read again under a lock.
    pub organisation: Organisation,
    pub role: MemberRole,
}

impl OrganisationMember {
    /// A path of this organisation in its members' pages.
    pub fn path(&self, part: &str) -> String {
        format!("/studio/organisations/{}{part}", self.organisation.slug)
    }

    pub fn is_owner(&self) -> bool {
        self.role == MemberRole::Owner
    }
}

/// An owner of it.
#[derive(Debug, Clone)]
pub struct OrganisationOwner(pub OrganisationMember);

impl Acting for OrganisationMember {
    fn person(&self) -> &SignedIn {
        &self.person
    }
}

impl Acting for OrganisationOwner {
    fn person(&self) -> &SignedIn {
        &self.0.person
    }
}

impl FromRequestParts<Services> for OrganisationMember {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<OrganisationMember, Failure> {
        let person = SignedIn::from_request_parts(parts, services).await?;
        let params = RawPathParams::from_request_parts(parts, services).await.map_err(|_| Failure::not_found())?;
        let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug).unwrap_or_default();
        let mut conn = services.db.read().await?;
        let organisation = actions::by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)?;
        let role = actions::member_role(&mut conn, &organisation.id, &person.user.id).await?;
        Ok(OrganisationMember { person, organisation, role: role.ok_or_else(Failure::not_found)? })
    }
}

impl FromRequestParts<Services> for OrganisationOwner {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<OrganisationOwner, Failure> {
        let member = OrganisationMember::from_request_parts(parts, services).await?;
        if member.is_owner() { Ok(OrganisationOwner(member)) } else { Err(Failure::forbidden()) }
    }
}
