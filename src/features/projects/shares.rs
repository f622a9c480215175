//! The shares of a joint project: its organisation sets them, an owner of every partner agrees, and from the moment the project is
//! listed they are fixed. They divide what is paid out.
//!
//! | a partner that is asked | what it means |
//! | --- | --- |
//! | (no word yet) | it reads the plan; the project cannot be handed in |
//! | `agreed` | it carries the project out with the others, for this share |
//! | `refused`, `left` | it said no, before or after it had agreed: the project's owners set the shares anew, with it or without |

use sqlx::FromRow;

use crate::features::organisations::{self, Coalition, Organisation, members};
use crate::features::projects::{Partner, Project, ProjectState, Refusal, actions, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history;
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// What changes of shares are in the history.
const HISTORY: &str = "project_shares";
/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

crate::words! {
    /// How a partner said no: to what was asked, or to what it had agreed to.
    pub enum RefusalKind {
        Refused = "refused",
        Left = "left",
    }
}

impl RefusalKind {
    /// The letter to the owners of the project's organisation.
    pub fn letter(self) -> &'static str {
        match self {
            RefusalKind::Refused => "share_refused",
            RefusalKind::Left => "share_left",
        }
    }
}

/// A share with what its organisation said to it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Share {
    pub project_id: String,
    pub organisation_id: String,
    pub share_percent: i64,
    /// 1: an owner agreed; the project's own organisation did by setting it.
    pub agreed: i16,
    pub agreed_at: Option<Timestamp>,
    /// Which question to this partner it is; names the letter.
    pub asked: i64,
    /// The partner said no to it.
    pub refusal: Option<RefusalKind>,
    /// Why it said no; empty when it left the whole coalition.
    pub reason: String,
}

impl ProjectState {
    /// Whether shares can still be set: backers do not know them yet.
    pub fn shares_may_change(self) -> bool {
        use ProjectState::{Draft, InValuation, Returned, Submitted};
        matches!(self, Draft | Submitted | Returned | InValuation)
    }
}

/// The shares of a project, in their order.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Share>> {
    Ok(store::shares(conn, project_id).await?)
}

/// What others ask an organisation to carry out with them, or it agreed to, and is not listed yet.
pub async fn with_others(conn: &mut Conn, organisation_id: &str) -> Result<Vec<(Project, Share)>> {
    let mut found = Vec::new();
    for share in store::shares_with_others(conn, organisation_id).await? {
        let project = actions::get(conn, &share.project_id).await?;
        if project.state.shares_may_change() {
            found.push((project, share));
        }
    }
    Ok(found)
}

/// The coalitions in which an organisation may run a joint project, each with those that take part.
pub async fn coalitions_for(conn: &mut Conn, organisation_id: &str) -> Result<Vec<(Coalition, Vec<Organisation>)>> {
    let mut found = Vec::new();
    for coalition in organisations::actions::coalitions_of(conn, organisation_id).await? {
        let members = organisations::coalitions::members(conn, &coalition).await?;
        found.push((coalition, members));
    }
    Ok(found)
}

/// An owner of the project's organisation sets who carries it out together and how payouts are divided. `partners` holds the
/// partners' parts; what is left of the whole is the own part. Whoever's share is new or another is asked to agree. Without a
/// coalition (an empty id) nobody else takes part.
///
/// # Errors
/// Listed already, not of this coalition, more than the whole, or no owner.
pub async fn set(
    tx: &mut Tx,
    project_id: &str,
    by: &str,
    coalition_id: &str,
    partners: &[Partner],
    now: Timestamp,
) -> Result<()> {
    let project = actions::lock(tx, project_id).await?;
    let own = project.organisation_id.clone();
    members::require_owner(tx, &own, by).await?;
    if !project.state.shares_may_change() {
        return Err(Refusal::SharesFixed.into());
    }
    let allowed = match coalition_id {
        "" => Vec::new(),
        id => {
            let known = coalitions_for(tx, &own).await?.into_iter().find(|(coalition, _)| coalition.id == id);
            known.ok_or(Refusal::NotOfCoalition)?.1
        }
    };
    let may_take_part = |id: &String| *id != own && allowed.iter().any(|member| member.id == *id);
    if !partners.iter().all(|partner| may_take_part(&partner.organisation_id)) {
        return Err(Refusal::NotOfCoalition.into());
    }
    let given = whole_of(partners)?;
    let old = of_project(tx, project_id).await?;
    // above every number before, those of partners that were let go included: a letter is sent once for each
    let times_set =
        history::of(tx, project_id).await?.iter().filter(|c| c.subject == HISTORY && c.to_state == "set").count();
    let last = old.iter().map(|share| share.asked).max().unwrap_or(0);
    let asked = last.max(i64::try_from(times_set).map_err(Error::broken)?) + 1;
    for share in &old {
        if !partners.iter().any(|partner| partner.organisation_id == share.organisation_id) {
            store::remove_share(tx, project_id, &share.organisation_id).await?;
        }
    }
    // where nobody takes part there is nothing to divide
    if !partners.is_empty() {
        let rest = Partner { organisation_id: own, share_percent: 100 - given };
        store::put_share(tx, project_id, 1, &rest, asked, Some(by), now).await?;
    }
    for (position, partner) in (2..).zip(partners) {
        let before = old.iter().find(|share| share.organisation_id == partner.organisation_id);
        if before.is_some_and(|share| share.share_percent == partner.share_percent && share.refusal.is_none()) {
            continue;
        }
        store::put_share(tx, project_id, position, partner, asked, None, now).await?;
        let cause = format!("{project_id}/{}/{asked}", partner.organisation_id);
        members::tell_owners(tx, &partner.organisation_id, "share_asked", &cause, now).await?;
    }
    store::set_coalition(tx, project_id, (!coalition_id.is_empty()).then_some(coalition_id)).await?;
    let reason: Vec<String> = partners.iter().map(|p| format!("{} {}", p.organisation_id, p.share_percent)).collect();
    note(tx, &project, "set", by, &reason.join(", "), now).await
}

/// What the partners get together, in percent.
fn whole_of(partners: &[Partner]) -> std::result::Result<i64, Refusal> {
    if partners.iter().any(|partner| !(0..=100).contains(&partner.share_percent)) {
        return Err(Refusal::ShareWrong);
    }
    let given = partners.iter().map(|partner| partner.share_percent).sum();
    if given > 100 { Err(Refusal::SharesTooMuch { given }) } else { Ok(given) }
}

/// An owner of a partner agrees to the share that the page showed.
///
/// # Errors
/// Listed already, another share by now, or no owner.
pub async fn agree(
    tx: &mut Tx,
    project_id: &str,
    organisation_id: &str,
    by: &str,
    share_percent: i64,
    now: Timestamp,
) -> Result<()> {
    let project = actions::lock(tx, project_id).await?;
    members::require_owner(tx, organisation_id, by).await?;
    if !project.state.shares_may_change() {
        return Err(Refusal::SharesFixed.into());
    }
    match share_of(tx, project_id, organisation_id).await? {
        Some(share) if share.share_percent == share_percent && share.refusal.is_none() => {
            if share.agreed == 1 {
                return Ok(()); // said twice
            }
        }
        _ => return Err(Refusal::ShareChanged.into()),
    }
    if !store::agree(tx, project_id, organisation_id, share_percent, by, now).await? {
        return Err(Refusal::ShareChanged.into());
    }
    note(tx, &project, "agreed", by, &format!("{organisation_id} {share_percent}"), now).await
}

/// The share of an organisation in a project.
pub async fn share_of(conn: &mut Conn, project_id: &str, organisation_id: &str) -> Result<Option<Share>> {
    Ok(of_project(conn, project_id).await?.into_iter().find(|share| share.organisation_id == organisation_id))
}

/// An owner of a partner says no, to a share that is asked or to one that was agreed to. The owners of the project are told why.
///
/// # Errors
/// No reason or a too long one, listed already, not asked (any more), or no owner.
pub async fn refuse(
    tx: &mut Tx,
    project_id: &str,
    organisation_id: &str,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let project = actions::lock(tx, project_id).await?;
    members::require_owner(tx, organisation_id, by).await?;
    let reason = many_lines(reason, LONGEST_REASON).ok_or(Refusal::ShareReasonTooLong)?;
    if reason.is_empty() {
        return Err(Refusal::ShareReasonMissing.into());
    }
    if !project.state.shares_may_change() {
        return Err(Refusal::SharesFixed.into());
    }
    if organisation_id == project.organisation_id {
        return Err(Refusal::ShareChanged.into());
    }
    let share = share_of(tx, project_id, organisation_id).await?.ok_or(Refusal::ShareChanged)?;
    if say_no(tx, &project, &share, &reason, by, now).await? { Ok(()) } else { Err(Refusal::ShareChanged.into()) }
}

/// Writes a no and tells the owners of the project; answers whether it is the first to this question.
async fn say_no(tx: &mut Tx, project: &Project, share: &Share, reason: &str, by: &str, now: Timestamp) -> Result<bool> {
    let kind = if share.agreed == 1 { RefusalKind::Left } else { RefusalKind::Refused };
    if share.refusal.is_some() || !store::refuse(tx, share, kind, reason, by, now).await? {
        return Ok(false);
    }
    let cause = format!("{}/{}/{}", project.id, share.organisation_id, share.asked);
    members::tell_owners(tx, &project.organisation_id, kind.letter(), &cause, now).await?;
    note(tx, project, kind.as_str(), by, &format!("{} {reason}", share.organisation_id), now).await?;
    Ok(true)
}

/// Why a partner said no to a question; letters are about one.
pub async fn reason(conn: &mut Conn, project_id: &str, organisation_id: &str, asked: i64) -> Result<Option<String>> {
    Ok(store::reason(conn, project_id, organisation_id, asked).await?)
}

/// A partner leaves a coalition, or is let go; it takes no part any more in the coalition's projects that are not listed yet. Their
/// organisations set the shares anew before they can go on.
///
/// # Errors
/// Those of [`organisations::coalitions::end`].
pub async fn leave_coalition(
    tx: &mut Tx,
    coalition_id: &str,
    organisation_id: &str,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    for project_id in store::joint_projects(tx, coalition_id, organisation_id).await? {
        let project = actions::lock(tx, &project_id).await?;
        let share = share_of(tx, &project_id, organisation_id).await?;
        if let (true, Some(share)) = (project.state.shares_may_change(), share) {
            say_no(tx, &project, &share, "", by, now).await?;
        }
    }
    organisations::coalitions::end(tx, coalition_id, organisation_id, by, now).await
}

/// Whether the shares make the whole and everybody agreed. A project that nobody else takes part in has nothing to agree on.
pub fn all_agreed(project: &Project, shares: &[Share]) -> bool {
    let given: i64 = shares.iter().map(|share| share.share_percent).sum();
    let has_own = shares.iter().any(|share| share.organisation_id == project.organisation_id);
    let is_whole = given == 100 || (!has_own && given < 100);
    is_whole && shares.iter().all(|share| share.agreed == 1)
}

/// Refuses a project that must not be submitted or listed: its organisation is not confirmed, or a partner has not agreed.
///
/// # Errors
/// `organisations::Refusal::NotConfirmed`, [`Refusal::SharesNotAgreed`] with the names, [`Refusal::SharesNotWhole`].
pub async fn require_ready(conn: &mut Conn, project: &Project) -> Result<()> {
    organisations::registration::require_confirmed(conn, &project.organisation_id).await?;
    let shares = of_project(conn, &project.id).await?;
    if all_agreed(project, &shares) {
        return Ok(());
    }
    let mut missing = Vec::new();
    for share in shares.iter().filter(|share| share.agreed == 0) {
        missing.push(organisations::actions::get(conn, &share.organisation_id).await?.name);
    }
    if missing.is_empty() {
        return Err(Refusal::SharesNotWhole { given: shares.iter().map(|share| share.share_percent).sum() }.into());
    }
    Err(Refusal::SharesNotAgreed { who: missing.join(", ") }.into())
}

async fn note(tx: &mut Tx, project: &Project, to: &str, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry { subject: HISTORY, subject_id: &project.id, from: "", to, actor, reason };
    Ok(history::record(tx, now, entry).await?)
}
