//! What a page is about, in the words of schema.org (JSON-LD) for search engines: a project with who makes it and how to support it.

use serde_json::{Value, json};

use crate::features::site::project::{Head, Stand};
use crate::infra::web::Ctx;
use crate::values::Cents;

/// The page of a project: where it stands among the pages, the project, and the act of supporting it while that is possible.
pub fn project(ctx: &Ctx, head: &Head, stand: &Stand) -> String {
    let project = &head.project;
    let url = |path: &str| format!("{}{}", ctx.public_url, ctx.path(path));
    let maker = json!({
        "@type": "Organization",
        "name": head.maker.name,
        "url": url(&format!("/organisations/{}", head.maker.slug)),
    });
    let mut about = json!({
        "@type": "Project",
        "@id": ctx.canonical,
        "name": project.title(ctx.lang),
        "description": project.aim(ctx.lang),
        "url": ctx.canonical,
        "image": format!("{}/og/{}.png?lang={}", ctx.public_url, project.slug, ctx.lang),
        "parentOrganization": maker,
    });
    let place = head.place(ctx);
    if !place.is_empty() {
        about["location"] = json!({ "@type": "Place", "name": place });
    }
    if let Some(pledge) = &stand.pledge_url {
        about["potentialAction"] = json!({
            "@type": "DonateAction",
            "name": ctx.t("site-pledge"),
            "recipient": { "@type": "Organization", "name": head.maker.name },
            "priceSpecification": {
                "@type": "PriceSpecification",
                "minPrice": euros(head.round.minimum_cents),
                "priceCurrency": "EUR",
            },
            "endTime": head.round.closes_at.to_string(),
            "target": format!("{}{pledge}", ctx.public_url),
        });
    }
    let trail = json!({
        "@type": "BreadcrumbList",
        "itemListElement": [
            { "@type": "ListItem", "position": 1, "name": ctx.t("nav-projects"), "item": url("/projects") },
            { "@type": "ListItem", "position": 2, "name": project.title(ctx.lang) },
        ],
    });
    written(&json!({ "@context": "https://schema.org", "@graph": [trail, about] }))
}

/// Who runs this site.
pub fn site(ctx: &Ctx) -> String {
    written(&json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Drempel",
        "description": ctx.t("site-home-lead"),
        "inLanguage": ctx.lang.code(),
        "url": format!("{}/{}", ctx.public_url, ctx.lang),
    }))
}

/// Euros with two decimals and a point, as schema.org writes a price.
fn euros(amount: Cents) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0 % 100)
}

/// As text that cannot end the element it stands in.
fn written(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inside_ends_the_element() {
        assert_eq!(written(&json!({ "a": "</script>" })), "{\"a\":\"\\u003c/script>\"}");
        assert_eq!(euros(Cents(500)), "5.00");
    }
}
