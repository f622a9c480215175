//! What a fund does, in plain sentences, and what pages show of an offer.

use crate::features::match_funds::{Effect, Fund, Offer};
use crate::infra::texts::text_with;
use crate::infra::web::Ctx;
use crate::values::Lang;

impl Fund {
    /// Its rule in a few words: how much it adds, its limits, and when it begins.
    pub fn rule(&self, lang: Lang) -> String {
        let args = [
            ("ratio", self.ratio_percent.to_string()),
            ("most", self.most_per_pledge.show(lang)),
            ("project", self.most_per_project_percent.to_string()),
            ("backers", self.least_backers.to_string()),
            ("starting", self.starting_percent.to_string()),
        ];
        let mut rule = text_with(lang, if self.ratio_percent == 100 { "match-rule-same" } else { "match-rule" }, &args);
        for (key, asked) in [("match-rule-backers", self.least_backers), ("match-rule-starting", self.starting_percent)]
        {
            if asked > 0 {
                rule = format!("{rule} {}", text_with(lang, key, &args));
            }
        }
        rule
    }
}

impl Offer {
    /// What backers read: who adds, by what rule, and how much is left; or that the money is used up.
    pub fn sentence(&self, ctx: &Ctx, giver: &str) -> String {
        let args = [
            ("name", self.fund.name(ctx.lang).to_owned()),
            ("giver", giver.to_owned()),
            ("left", self.left.amount.show(ctx.lang)),
        ];
        let say = |key: &str| text_with(ctx.lang, key, &args);
        let rule = self.fund.rule(ctx.lang);
        match self.left.effect {
            Effect::Adds => format!("{} {rule} {}", say("match-offer"), say("match-offer-left")),
            Effect::Waits => format!("{} {rule} {}", say("match-offer"), say("match-offer-waits")),
            Effect::Dry => say("match-offer-dry"),
        }
    }
}
