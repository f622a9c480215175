//! Organisations: makers that own projects, companies that buy, partners; their members; and coalitions of several.
//!
//! | organisation | what it means for its members | next |
//! | --- | --- | --- |
//! | `registered` | the team looks it up in the registers; until then it submits no plan and is not paid | `confirmed`, `returned`, `withdrawn` |
//! | `returned` | the team asked something; saving the data answers | `registered`, `withdrawn` |
//! | `confirmed` | it may do everything; another name or number asks for confirming again | `registered` |
//! | `withdrawn` | its owner took the registration back; its number is free again | never |
//!
//! | invitation | what it means for who was invited | next |
//! | --- | --- | --- |
//! | `open` | the link in the letter works once, for 14 days, for the address it was sent to | all others |
//! | `accepted` | a member now | never |
//! | `declined` | did not want to | never |
//! | `withdrawn` | an owner took it back, or invited again | never |
//!
//! | partner of a coalition | meaning | next |
//! | --- | --- | --- |
//! | `invited` | its owners were asked | `member`, `declined`, `left` when the founder takes it back |
//! | `member` | takes part | `left` |
//! | `declined`, `left` | takes no part | `invited` again |

pub mod actions;
pub mod coalitions;
mod details;
pub mod guard;
pub mod letters;
pub mod members;
pub mod personal;
pub mod registration;
pub mod shown;
mod store;

use sqlx::FromRow;

pub use self::details::{Details, LegalForm, PsoStep, slug_of};
use crate::values::{Lang, Timestamp};

crate::words! {
    pub enum OrganisationKind {
        Maker = "maker",
        Company = "company",
        Partner = "partner",
    }
}

crate::words! {
    /// What a member may do. An owner may do everything, an editor texts and updates, a bookkeeper sees the money.
    pub enum MemberRole {
        Owner = "owner",
        Editor = "editor",
        Bookkeeper = "bookkeeper",
    }
}

impl MemberRole {
    /// Whether this member may change texts, pictures, updates and figures.
    pub fn may_edit(self) -> bool {
        matches!(self, MemberRole::Owner | MemberRole::Editor)
    }

    /// Whether this member sees payouts and accounts.
    pub fn sees_money(self) -> bool {
        matches!(self, MemberRole::Owner | MemberRole::Bookkeeper)
    }
}

crate::words! {
    pub enum OrganisationState {
        Registered = "registered",
        Returned = "returned",
        Confirmed = "confirmed",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    OrganisationState of "organisations" by "id":
    Registered => Returned | Confirmed | Withdrawn,
    Returned => Registered | Withdrawn,
    Confirmed => Registered,
}

crate::words! {
    pub enum InvitationState {
        Open = "open",
        Accepted = "accepted",
        Declined = "declined",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    InvitationState of "invitations" by "id":
    Open => Accepted | Declined | Withdrawn,
}

crate::words! {
    pub enum PartnerState {
        Invited = "invited",
        Member = "member",
        Declined = "declined",
        Left = "left",
    }
}

crate::life_cycle! {
    // a row is named as in its history
    PartnerState of "coalition_partners" by "coalition_id || '/' || organisation_id":
    Invited => Member | Declined | Left,
    Member => Left,
    Declined => Invited,
    Left => Invited,
}

crate::refusals! {
    /// Why something about an organisation, its members or its coalitions is not done.
    pub enum Refusal {
        NameWrong => Invalid("name") "organisation-name-wrong",
        KindMissing => Invalid("kind") "form-choose-one",
        KvkWrong => Invalid("kvk_number") "organisation-kvk-wrong",
        KvkTaken => Invalid("kvk_number") "organisation-kvk-taken",
        LegalFormMissing => Invalid("legal_form") "form-choose-one",
        RsinWrong => Invalid("rsin") "organisation-rsin-wrong",
        RsinForAnbi => Invalid("rsin") "organisation-rsin-for-anbi",
        PsoMissing => Invalid("pso") "form-choose-one",
        PsoUntilWrong => Invalid("pso_until") "organisation-pso-until-wrong",
        AreaTooLong => Invalid("area") "organisation-area-too-long",
        DescriptionMissing => Invalid("description_nl") "organisation-description-missing",
        DescriptionNlTooLong => Invalid("description_nl") "organisation-description-too-long",
        DescriptionEnTooLong => Invalid("description_en") "organisation-description-too-long",
        /// Somebody else saved since the page was opened.
        ChangedMeanwhile => Conflict "organisation-changed-meanwhile",
        /// Its state does not allow this step.
        WrongState => Conflict "organisation-wrong-state",
        QuestionMissing => Invalid("question") "organisation-question-missing",
        NotConfirmed => Conflict "organisation-not-confirmed",
        NotOwner => Forbidden "organisation-not-owner",
        NoRole => Forbidden "organisation-no-role",
        LastOwner => Conflict "organisation-last-owner",
        NoMember => Conflict "organisation-no-member",
        RoleMissing => Invalid("role") "form-choose-one",
        EmailWrong => Invalid("email") "users-email-wrong",
        AlreadyMember => Invalid("email") "organisation-already-member",
        TooManyWaiting => TooMany "organisation-too-many-waiting",
        TooManyInvitations => TooMany "organisation-too-many-invitations",
        InvitationOver => Conflict "invitation-over",
        InvitationOther => Forbidden "invitation-other",
        TitleWrong => Invalid("title") "coalition-title-wrong",
        StepsMissing => Invalid("step_1_nl") "coalition-steps-missing",
        StepTooLong => Invalid("step_1_nl") "coalition-step-too-long",
        StepOfNobody => Invalid("step_1_nl") "coalition-step-of-nobody",
        PartnerUnknown => Invalid("partner") "coalition-partner-unknown",
        AlreadyPartner => Invalid("partner") "coalition-already-partner",
        NotInvited => Conflict "coalition-not-invited",
        NoPartner => Conflict "coalition-no-partner",
    }
}

/// The job that follows when an organisation was confirmed: what waited for that goes on. Its subject is the organisation.
pub const CONFIRMED: &str = "organisations.confirmed";
/// The job that follows when it got another name: what is found by it is written anew.
pub const RENAMED: &str = "organisations.renamed";
/// How long an invitation can be accepted, in days.
pub const INVITATION_DAYS: i64 = 14;
/// The steps or questions of a coalition, at most.
pub const MOST_STEPS: usize = 8;

crate::words! {
    pub enum CoalitionKind {
        /// An ordered chain of steps: produce, distribute, cook and serve.
        Chain = "chain",
        /// Organisations that look for answers to the same questions.
        Learning = "learning",
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Organisation {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub kind: OrganisationKind,
    pub description_nl: String,
    pub description_en: String,
    pub area: String,
    pub state: OrganisationState,
    /// 1: it was confirmed once, so that everybody may see its page.
    pub was_confirmed: i16,
    /// Grows with every change of its data.
    pub version: i64,
    /// What the team wants to know; empty unless it was returned.
    pub question: String,
}

impl Organisation {
    /// Whether it may submit plans and be paid.
    pub fn is_confirmed(&self) -> bool {
        self.state == OrganisationState::Confirmed
    }

    /// Whether everybody may see its page.
    pub fn is_public(&self) -> bool {
        self.was_confirmed == 1 && self.state != OrganisationState::Withdrawn
    }

    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.description_nl,
            Lang::En => &self.description_en,
        }
    }
}

/// What the registers say of an organisation, for papers that name it. Empty where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Legal {
    pub legal_form: String,
    /// Eight digits, of the trade register.
    pub kvk_number: String,
    /// Nine digits, of legal persons and partnerships.
    pub rsin: String,
    /// 1: the tax office lists it as a charity (ANBI).
    pub anbi: i16,
}

/// A user's place in an organisation.
#[derive(Debug, Clone, FromRow)]
pub struct Member {
    pub user_id: String,
    pub role: MemberRole,
    /// The organisation's name.
    pub organisation: String,
}

/// A member as the organisation's own page shows it.
#[derive(Debug, Clone, FromRow)]
pub struct Colleague {
    pub user_id: String,
    pub email: String,
    pub name: String,
    pub role: MemberRole,
    pub created_at: Timestamp,
}

/// Somebody is asked to join.
#[derive(Debug, Clone, FromRow)]
pub struct Invitation {
    pub id: String,
    pub organisation_id: String,
    pub email: String,
    pub role: MemberRole,
    pub state: InvitationState,
    pub invited_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Invitation {
    pub fn can_be_accepted(&self, now: Timestamp) -> bool {
        self.state == InvitationState::Open && self.expires_at > now
    }
}

/// Several organisations that run joint projects: an ordered chain, or one that learns together.
#[derive(Debug, Clone, FromRow)]
pub struct Coalition {
    pub id: String,
    pub slug: String,
    pub title: String,
    pub kind: CoalitionKind,
    pub description_nl: String,
    pub description_en: String,
    pub founder_id: Option<String>,
    /// Grows with every change of its data.
    pub version: i64,
}

impl Coalition {
    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.description_nl,
            Lang::En => &self.description_en,
        }
    }
}

/// A step of a chain, or a question of a learning coalition.
#[derive(Debug, Clone, FromRow)]
pub struct CoalitionStep {
    pub coalition_id: String,
    pub text_nl: String,
    pub text_en: String,
    /// Who does this step; nobody is named for a question.
    pub organisation_id: Option<String>,
}

impl CoalitionStep {
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.text_nl,
            Lang::En => &self.text_en,
        }
    }
}

/// An organisation in a coalition that it did not found.
#[derive(Debug, Clone, FromRow)]
pub struct CoalitionPartner {
    pub coalition_id: String,
    pub organisation_id: String,
    pub state: PartnerState,
    /// How often it was invited.
    pub asked: i64,
}
