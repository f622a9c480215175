//! Evidence: what is taken and what is not, who may read it, and when it goes.

use drempel::features::evidence::{self, Evidence, EvidenceState};
use drempel::features::privacy::actions::tidy;
use image::ImageEncoder;
use image::codecs::png::PngEncoder;
use sha2::{Digest, Sha256};

use crate::measuring::{OWNER, STUDIO, Sender, ago, enter, measured, world};
use crate::support::{App, Browser};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n";

fn png() -> Vec<u8> {
    let mut out = Vec::new();
    let pixels = vec![200u8; 40 * 20 * 3];
    PngEncoder::new(&mut out).write_image(&pixels, 40, 20, image::ExtendedColorType::Rgb8).expect("a PNG");
    out
}

async fn all(app: &App) -> Vec<Evidence> {
    let mut conn = app.s.db.read().await.expect("a connection");
    evidence::actions::of_project(&mut conn, "prj_1").await.expect("evidence")
}

/// A world with one wave, its owner as a sender, and the wave's id.
async fn with_wave() -> (App, Sender, String) {
    let app = world().await;
    let owner = Browser::signed_in(&app, OWNER).await;
    assert_eq!(enter(&owner, "interim", &ago(&app, 3), &[("count-certificates", "7")]).await.0, 303);
    let wave = measured(&app).await.remove(0).wave.id;
    let sender = Sender::signed_in(&app, OWNER).await;
    (app, sender, wave)
}

fn fields<'a>(wave: &'a str, visibility: &'a str) -> [(&'a str, &'a str); 5] {
    [("wave", wave), ("indicator", "certificates"), ("title", "Telling"), ("visibility", visibility), ("nobody", "yes")]
}

pub async fn send(sender: &Sender, wave: &str, visibility: &str, file: Vec<u8>) -> (u16, String) {
    sender.send(&format!("{STUDIO}/evidence"), &fields(wave, visibility), "lijst van Anna.pdf", file).await
}

#[tokio::test]
async fn a_file_is_kept_with_its_hash_and_without_its_name() {
    let (app, sender, wave) = with_wave().await;
    assert_eq!(send(&sender, &wave, "staff", PDF.to_vec()).await.0, 303);
    let mut polyglot = png();
    polyglot.extend_from_slice(b"<script>alert(1)</script> hidden");
    assert_eq!(send(&sender, &wave, "staff", polyglot).await.0, 303);
    let found = all(&app).await;
    let owner = Browser::signed_in(&app, OWNER).await;
    let page = owner.read(&format!("{STUDIO}/evidence")).await;
    assert!(!page.contains("Anna"), "what the sender calls it says too much");
    let picture = owner.file(&format!("/nl/evidence/{}", found[0].id)).await;
    assert!(picture.starts_with(&[0xff, 0xd8, 0xff]) && !picture.windows(6).any(|window| window == b"hidden"));
    let pdf = owner.file(&format!("/nl/evidence/{}", found[1].id)).await;
    assert_eq!(pdf, PDF);
    assert_eq!(found[1].sha256, hex(&pdf));
    assert_eq!(found[0].sha256, hex(&picture));
    assert!(owner.read(&format!("{STUDIO}/checking")).await.contains("opgegeven, met bewijs"));
    assert_eq!(Browser::new(&app).get(&format!("/files/{}", found[1].id)).await.0, 404, "no open address");
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn what_is_no_evidence_is_refused_with_a_word_about_it() {
    let (app, sender, wave) = with_wave().await;
    let mut behind = PDF.to_vec();
    behind.extend(vec![b'z'; 5_000]);
    let mut large = b"%PDF-1.7\n".to_vec();
    large.extend(vec![b'x'; 10 * 1024 * 1024]);
    large.extend_from_slice(b"%%EOF");
    for (file, told) in [
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec(), "herkennen we niet"),
        (b"<html><script>alert(1)</script>%PDF-1.7 %%EOF".to_vec(), "herkennen we niet"),
        (b"PK\x03\x04word/document.xml".to_vec(), "herkennen we niet"),
        (b"%PDF-1.7\nhalf of it".to_vec(), "niet heel"),
        (behind, "niet heel"),
        (png()[..60].to_vec(), "herkennen we niet"),
        (large, "te groot"),
        (Vec::new(), "Kies een bestand"),
    ] {
        let (status, page) = send(&sender, &wave, "public", file).await;
        assert!(status == 422 && page.contains(told), "{status} {told}");
    }
    assert_eq!(send(&sender, &wave, "public", vec![b'x'; 12 * 1024 * 1024]).await.0, 413);
    let path = format!("{STUDIO}/evidence");
    let good = fields(&wave, "public");
    for (place, value, told) in [
        (0, "wav_other", "meetmoment van dit project"),
        (1, "planes", "cijfer dat dit project meet"),
        (2, "", "Schrijf op wat het is"),
        (2, "Lijst van mevrouw Jansen", "over een persoon"),
        (3, "everybody", "Kies wie"),
        (4, "", "geen namen, gezichten of adressen"),
    ] {
        let mut fields = good;
        fields[place].1 = value;
        let (status, page) = sender.send(&path, &fields, "a.pdf", PDF.to_vec()).await;
        assert!(status == 422 && page.contains(told), "{status} {told}");
    }
    assert!(all(&app).await.is_empty());
    let left = std::fs::read_dir(app.files_folder()).map(|files| files.count()).unwrap_or_default();
    assert_eq!(left, 0, "bytes without a row went again");
}

/// Whether each of these gets the file: visitor, backer, somebody else, owner, team.
async fn readers(app: &App, id: &str) -> [u16; 5] {
    let path = format!("/nl/evidence/{id}");
    let status = async |browser: Browser, path: &str| browser.get(path).await.0;
    [
        status(Browser::new(app), &path).await,
        status(Browser::signed_in(app, "anna@example.org").await, &path).await,
        status(Browser::signed_in(app, "bert@example.org").await, &path).await,
        status(Browser::signed_in(app, OWNER).await, &path).await,
        status(Browser::signed_in(app, "reviewer@drempel.example").await, &format!("/nl/staff/evidence/{id}")).await,
    ]
}

#[tokio::test]
async fn whoever_reads_is_asked_at_every_download() {
    let (app, sender, wave) = with_wave().await;
    app.paid_gift(2_500, "Anna").await;
    app.gift(2_500, "Bert").await; // not paid
    app.settle().await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    for (visibility, accepted) in
        [("staff", [404, 404, 404, 200, 200]), ("backers", [404, 200, 404, 200, 200]), ("public", [200; 5])]
    {
        assert_eq!(send(&sender, &wave, visibility, PDF.to_vec()).await.0, 303);
        let id = all(&app).await[0].id.clone();
        assert_eq!(readers(&app, &id).await, [404, 404, 404, 200, 200], "{visibility}, waiting");
        let path = format!("/nl/staff/moderation/evidence/{id}");
        let reason = format!("reason-{id}");
        assert_eq!(reviewer.post(&path, &[("step", "accept"), (&reason, "")]).await.0, 303);
        assert_eq!(readers(&app, &id).await, accepted, "{visibility}");
        let anna = Browser::signed_in(&app, "anna@example.org").await;
        let listed = async |who: &Browser| who.read("/nl/projects/kookclub/evidence").await.contains(&id);
        let seen = [listed(&Browser::new(&app)).await, listed(&anna).await].map(|is| if is { 200 } else { 404 });
        assert_eq!(seen, [accepted[0], accepted[1]], "{visibility}, on the project's page");
        assert_eq!(reviewer.post(&path, &[("step", "refuse"), (&reason, "Er staat een gezicht op")]).await.0, 303);
        assert_eq!(readers(&app, &id).await, [404, 404, 404, 200, 200], "{visibility}, taken down");
        assert_eq!(reviewer.post(&path, &[("step", "accept"), (&reason, "")]).await.0, 409);
    }
    let owner = Browser::signed_in(&app, OWNER).await;
    assert!(owner.read(&format!("{STUDIO}/evidence")).await.contains("Er staat een gezicht op"));
    for missing in ["evi_00000000000000000000000000000000", "..%2F..%2Fetc%2Fpasswd", "x"] {
        assert_eq!(owner.get(&format!("/nl/evidence/{missing}")).await.0, 404, "{missing}");
    }
}

#[tokio::test]
async fn a_download_is_a_file_and_never_a_page() {
    let (app, sender, wave) = with_wave().await;
    assert_eq!(send(&sender, &wave, "public", PDF.to_vec()).await.0, 303);
    let id = all(&app).await[0].id.clone();
    app.sql("UPDATE evidence SET state = 'accepted'").await.expect("a state");
    let answer = app.http.get(app.url(&format!("/en/evidence/{id}"))).send().await.expect("an answer");
    let header = |name: &str| answer.headers()[name].to_str().expect("a text").to_owned();
    assert_eq!(header("content-disposition"), format!("attachment; filename=\"{id}.pdf\""));
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(header("cache-control"), "private, no-store");
    app.sql("UPDATE projects SET state = 'draft'").await.expect("a state");
    assert_eq!(Browser::new(&app).get(&format!("/en/evidence/{id}")).await.0, 404, "its project is not public");
}

#[tokio::test]
async fn what_is_taken_back_or_too_old_goes_and_its_hash_stays() {
    let (app, sender, wave) = with_wave().await;
    for _ in 0..3 {
        assert_eq!(send(&sender, &wave, "staff", PDF.to_vec()).await.0, 303);
    }
    let ids: Vec<String> = all(&app).await.into_iter().map(|one| one.id).collect();
    let owner = Browser::signed_in(&app, OWNER).await;
    assert_eq!(owner.post(&format!("{STUDIO}/evidence/{}/withdraw", ids[0]), &[]).await.0, 303);
    assert_eq!(owner.post(&format!("{STUDIO}/evidence/{}/withdraw", ids[0]), &[]).await.0, 409);
    assert_eq!(owner.get(&format!("/nl/evidence/{}", ids[0])).await.0, 404, "at once, for everybody");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    evidence::actions::freeze(&mut tx, &wave, "certificates", app.s.clock.now()).await.expect("frozen");
    tx.commit().await.expect("a commit");
    let (status, page) = owner.post_for_text(&format!("{STUDIO}/evidence/{}/withdraw", ids[1]), &[]).await;
    assert!(status == 409 && page.contains("gecontroleerd cijfer steunt"));
    tidy(&app.s).await.expect("a tidying");
    let state = |found: &[Evidence], id: &str| found.iter().find(|one| one.id == id).expect("a row").state;
    let found = all(&app).await;
    assert_eq!((state(&found, &ids[0]), state(&found, &ids[1])), (EvidenceState::Deleted, EvidenceState::Waiting));
    assert!(!app.files_folder().join(&ids[0]).exists() && app.files_folder().join(&ids[1]).exists());
    assert!(found.iter().all(|one| one.sha256 == hex(PDF)));
    assert_eq!(found[1].keep_until, "2035-12-31", "seven years after the year in which it ends");
    assert_eq!(tidy(&app.s).await.expect("a tidying"), "", "a second time nothing goes");
}
