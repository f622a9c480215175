//! `drempel serve` and `drempel work`: opens the installation, runs web and worker, and stops without losing anything.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::{demo, dev, listen, metrics, router, services, time, worker};
use crate::infra::Services;
use crate::infra::sandbox::{self, Sandbox};
use crate::infra::settings::{DATA, Settings};

/// How long closing the database may take.
const CLOSING: Duration = Duration::from_millis(1_500);

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// How long what is under way may take after a request to stop.
const GRACE: Duration = Duration::from_secs(18);

/// Web, and a worker inside unless it runs elsewhere.
pub async fn serve(settings: Settings, with_worker: bool) -> Outcome {
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|e| format!("LISTEN is \"{}\": expected a free address ({e})", settings.listen))?;
    let mut s = open(settings).await?;
    s.bank = built_in_bank(&s)?;
    let stop = stop_on_signal();
    watch(&s, &stop).await?;
    let app = router::build(s.clone());
    announce(&s);
    let delivery = s.bank.as_ref().map(Sandbox::start_delivery);
    let work = with_worker.then(|| tokio::spawn(after_the_demo(s.clone(), stop.clone())));
    let others = tokio::spawn(s.db.clone().watch_others());
    tokio::spawn(s.db.clone().explain_slow());
    let web = tokio::spawn(listen::serve(listener, app, listen::HEAD_WITHIN, stop.clone()));
    stop.cancelled().await;
    others.abort();
    s.live.end();
    let finish = async {
        let _ = web.await;
        if let Some(work) = work {
            let _ = work.await;
        }
        dev::finish_due().await;
    };
    if tokio::time::timeout(GRACE, finish).await.is_err() {
        tracing::warn!("not everything was finished in time; it goes on at the next start");
    }
    if let Some(delivery) = delivery {
        delivery.abort();
    }
    close(&s).await;
    Ok(())
}

/// The worker; before it, in an installation just filled, the demo's pictures and money. The site is up meanwhile.
async fn after_the_demo(s: Services, stop: CancellationToken) {
    match demo::money::is_wanted(&s).await {
        Ok(true) => {
            if let Err(error) = demo::drawings::load_missing(&s).await {
                tracing::error!(%error, "the demo's pictures could not be drawn");
            }
            if let Err(error) = demo::money::load(&s).await {
                tracing::error!(%error, "the demo's money could not be loaded");
            }
        }
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the demo could not be looked at"),
    }
    worker::run(s, stop).await;
}

/// A worker alone.
pub async fn work(settings: Settings) -> Outcome {
    let s = open(settings).await?;
    let stop = stop_on_signal();
    tokio::spawn(s.db.clone().explain_slow());
    watch(&s, &stop).await?;
    println!("Drempel: a worker for {}", s.settings.public_url);
    let mut work = tokio::spawn(worker::run(s.clone(), stop.clone()));
    stop.cancelled().await;
    let _ = tokio::time::timeout(GRACE, &mut work).await;
    close(&s).await;
    Ok(())
}

/// Watches the clock, and serves metrics where the settings name an address for them.
async fn watch(s: &Services, stop: &CancellationToken) -> Outcome {
    tokio::spawn(time::watch(s.clone(), stop.clone()));
    match metrics::listen(s, stop).await {
        Ok(None) => {}
        Ok(Some(address)) => tracing::info!(%address, "metrics are served"),
        Err(error) => {
            let wanted = s.settings.metrics_listen.map(|address| address.to_string()).unwrap_or_default();
            return Err(format!("METRICS_LISTEN is \"{wanted}\": expected a free address ({error})").into());
        }
    }
    Ok(())
}

/// Closes the database; connections that are still in use are left to the end of the process.
async fn close(s: &Services) {
    let _ = tokio::time::timeout(CLOSING, s.db.close()).await;
}

/// Opens the installation with its schema up to date, and the demo in an empty development database.
async fn open(settings: Settings) -> Result<Services, Box<dyn std::error::Error>> {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    time::compare(&s).await;
    dev::restore_clock(&s).await?;
    if !s.settings.production() && demo::is_empty(&mut *s.db.read().await?).await? {
        let mut tx = s.db.begin().await?;
        demo::load_nouns(&mut tx, s.clock.now(), demo::Closed::StillSelling).await?;
        demo::money::want(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(s)
}

/// The sandbox bank, where no other address of a provider is set. Never in production: the settings see to that.
fn built_in_bank(s: &Services) -> std::io::Result<Option<Sandbox>> {
    if !s.settings.uses_built_in_sandbox() {
        return Ok(None);
    }
    std::fs::create_dir_all(DATA)?;
    let clock = s.clock.clone();
    let local = format!("http://{}/webhooks/stripe", s.settings.listen);
    let bank = Sandbox::open(sandbox::Config {
        public_base: s.url("/dev/bank"),
        secret_key: s.settings.stripe.secret_key.clone(),
        webhook_url: Some(local),
        webhook_secret: s.settings.stripe.webhook_secrets[0].clone(),
        journal: Some(std::path::Path::new(DATA).join("bank.jsonl")),
        now: Arc::new(move || clock.now().seconds()),
        requests_per_second: None,
    })?;
    Ok(Some(bank))
}

/// SIGTERM or Ctrl-C.
pub fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let interrupt = tokio::signal::ctrl_c();
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
        token.cancel();
    });
    stop
}

/// The address and, in development, who can sign in.
fn announce(s: &Services) {
    println!("Drempel: {}", s.settings.public_url);
    if !s.settings.production() {
        println!("Sign in at {} as one of:", s.url("/dev/sign-in"));
        println!("  reviewer@ expert1@ expert2@ treasurer1@ treasurer2@ admin@drempel.example");
        println!("  owner@{{organisation}}.example, backer1@ … backer5@drempel.example");
        println!("Letters: {}", s.url("/dev/mail"));
        println!("In development whoever reaches it can be anybody; with https in PUBLIC_URL it is the real thing.");
    }
}
