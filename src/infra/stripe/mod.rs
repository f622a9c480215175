//! Stripe, or the sandbox in its place: the same client code speaks to both.
//!
//! Every call that changes something carries an idempotency key that was stored before the call. Retries follow Stripe's rules:
//! only a lost connection, 409, 429 and 5xx are tried again, with the same key. A limiter shared by all processes of a database
//! keeps calls under the allowed rate, and away from the provider for as long as it asks (`Retry-After`). What comes back is cut down to what Drempel needs.

mod balance;
mod breaker;
mod connect;
mod disputes;
mod events;
mod limiter;
mod line;
mod secrets;
pub mod signature;
mod transport;
mod views;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use stripe::{IdempotencyKey, RequestStrategy, StripeError, StripeRequest};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionLineItemsPriceData, CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession,
    ListCheckoutSession, ListCheckoutSessionCustomerDetails, ProductData, RetrieveCheckoutSession,
};
use stripe_core::refund::{CreateRefund, ListRefund, RetrieveRefund};

use breaker::Breaker;

pub use balance::{ProviderPayout, ProviderTransaction, Source};
pub use connect::{ProviderAccount, ProviderTransfer, TOO_LITTLE};
pub use disputes::{DisputeStage, ProviderDispute, ProviderWarning};
pub use limiter::Limiter;
pub use secrets::{Keys, Secrets};
pub use views::{Checkout, CheckoutStatus, Intent, IntentStatus, ProviderRefund, RefundStatus};

use tokio::sync::Semaphore;

use crate::infra::settings::{Settings, StripeSettings, WrongSetting};
use crate::infra::stripe::line::{Line, Wish};
use crate::infra::stripe::transport::Transport;
use crate::infra::traces;
use crate::values::{Cents, Lang, Timestamp};

/// The key under which our payment's or refund's id stands in the provider's metadata.
pub const OUR_ID: &str = "drempel_id";
/// Calls under way at once in this process.
const CALLS_AT_ONCE: usize = 64;
/// Attempts within one call; whoever called tries again later when they are used up.
const ATTEMPTS: u32 = 3;

/// Why a call gave no answer to use.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProviderError {
    /// No answer, or one that asks to try again: whether something happened is unknown, the same key will tell.
    #[error("the payment provider is busy: {0}")]
    Busy(String),
    /// The provider broke down. It may have done the work, and may repeat this answer to the same key for ever: look first, then
    /// ask with a new generation of the key.
    #[error("the payment provider broke down: {0}")]
    BrokeDown(String),
    /// A clear no.
    #[error("the payment provider refused: {code}: {message}")]
    Refused { code: String, message: String },
}

/// What a checkout is made of. The same request with the same key gives the same session.
pub struct CheckoutRequest<'a> {
    /// The stored key: payment id and generation.
    pub key: &'a str,
    pub payment_id: &'a str,
    pub reference: &'a str,
    pub amount: Cents,
    pub description: &'a str,
    pub email: &'a str,
    pub lang: Lang,
    /// The provider's word for the method.
    pub method: &'a str,
    pub success_url: String,
    pub cancel_url: String,
    pub expires_at: Timestamp,
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Stripe {
    api_url: String,
    /// The way to the provider, and the key it was made with.
    client: Arc<RwLock<(String, Transport)>>,
    secrets: Secrets,
    limiter: Limiter,
    breaker: Breaker,
    /// For how long the provider asked to be left alone.
    wish: Wish,
    /// Calls under way at once: more wait here, not at the provider.
    calls: Arc<Semaphore>,
}

impl Stripe {
    /// A client for this address and key; nothing is called yet.
    ///
    /// # Errors
    /// The key or the address cannot be used.
    pub fn new(settings: &StripeSettings, api_url: &str, limiter: Limiter) -> Result<Stripe, StripeError> {
        let secrets = Secrets::new(settings);
        let wish = Wish::default();
        let transport = over_http(&secrets.now().secret_key, api_url, &wish)?;
        Ok(Stripe { wish, ..Stripe::over(transport, api_url, secrets, limiter) })
    }

    fn over(transport: Transport, api_url: &str, secrets: Secrets, limiter: Limiter) -> Stripe {
        Stripe {
            api_url: api_url.to_owned(),
            client: Arc::new(RwLock::new((secrets.now().secret_key, transport))),
            secrets,
            breaker: Breaker::new(limiter.clock()),
            wish: Wish::default(),
            limiter,
            calls: Arc::new(Semaphore::new(CALLS_AT_ONCE)),
        }
    }

    /// The keys as they are now.
    pub fn keys(&self) -> Keys {
        self.secrets.now()
    }

    /// Whether the provider has not answered for a while, so that nobody should be sent there.
    pub fn is_down(&self) -> bool {
        self.breaker.is_open()
    }

    /// The way to the provider with the key as it is now.
    fn transport(&self) -> Result<Transport, ProviderError> {
        let key = self.secrets.now().secret_key;
        {
            let held = self.client.read().unwrap_or_else(PoisonError::into_inner);
            if held.0 == key || matches!(held.1, Transport::InProcess { .. }) {
                return Ok(held.1.clone());
            }
        }
        let fresh = over_http(&key, &self.api_url, &self.wish).map_err(sorted)?;
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = (key, fresh.clone());
        Ok(fresh)
    }

    /// A client that hands its calls to the sandbox's routes within the process, for simulations.
    ///
    /// # Errors
    /// In production: there no stand-in is spoken to.
    pub fn in_process(settings: &Settings, routes: Router, limiter: Limiter) -> Result<Stripe, WrongSetting> {
        if settings.production() {
            return Err(WrongSetting {
                name: "PUBLIC_URL".to_owned(),
                held: format!("\"{}\"", settings.public_url),
                expected: "an http address: a sandbox within the process is for simulations".to_owned(),
            });
        }
        let secret_key = settings.stripe.secret_key.clone();
        let transport = Transport::InProcess { routes, secret_key };
        Ok(Stripe::over(transport, "", Secrets::new(&settings.stripe), limiter))
    }

    /// Makes a checkout session, or finds the one this key made before.
    pub async fn create_checkout(&self, request: CheckoutRequest<'_>) -> Result<Checkout, ProviderError> {
        let ours = HashMap::from([(OUR_ID.to_owned(), request.payment_id.to_owned())]);
        let mut price = CreateCheckoutSessionLineItemsPriceData::new(stripe_types::Currency::EUR);
        price.unit_amount = Some(request.amount.0);
        price.product_data = Some(ProductData::new(request.description));
        let mut item = CreateCheckoutSessionLineItems::new();
        item.price_data = Some(price);
        item.quantity = Some(1);
        let mut intent = CreateCheckoutSessionPaymentIntentData::new();
        intent.metadata = Some(ours.clone());
        let method: CreateCheckoutSessionAllowedPaymentMethodTypes =
            request.method.parse().unwrap_or(CreateCheckoutSessionAllowedPaymentMethodTypes::Ideal);
        let locale = match request.lang {
            Lang::Nl => stripe_shared::CheckoutSessionLocale::Nl,
            Lang::En => stripe_shared::CheckoutSessionLocale::En,
        };
        let call = CreateCheckoutSession::new()
            .mode(stripe_shared::CheckoutSessionMode::Payment)
            .client_reference_id(request.reference)
            .metadata(ours)
            .payment_intent_data(intent)
            .line_items(vec![item])
            .allowed_payment_method_types(vec![method])
            .customer_email(request.email)
            .locale(locale)
            .success_url(request.success_url)
            .cancel_url(request.cancel_url)
            .expires_at(request.expires_at.seconds());
        self.send("checkout.create", Some(request.key), &call).await.map(Checkout::from)
    }

    /// Reads a checkout session with its payment, charge and fee.
    pub async fn checkout(&self, session_id: &str) -> Result<Checkout, ProviderError> {
        let call = RetrieveCheckoutSession::new(session_id)
            .expand(vec!["payment_intent.latest_charge.balance_transaction".to_owned()]);
        self.send("checkout.get", None, &call).await.map(Checkout::from)
    }

    /// Ends an open checkout session, so that nobody pays by it any more.
    pub async fn expire_checkout(&self, session_id: &str) -> Result<Checkout, ProviderError> {
        self.send("checkout.expire", None, &ExpireCheckoutSession::new(session_id)).await.map(Checkout::from)
    }

    /// Refunds part or all of a payment, or finds the refund this key made before.
    pub async fn create_refund(
        &self,
        key: &str,
        refund_id: &str,
        intent_id: &str,
        amount: Cents,
    ) -> Result<ProviderRefund, ProviderError> {
        let call = CreateRefund::new()
            .payment_intent(intent_id)
            .amount(amount.0)
            .metadata(HashMap::from([(OUR_ID.to_owned(), refund_id.to_owned())]));
        self.send("refund.create", Some(key), &call).await.map(ProviderRefund::from)
    }

    /// Reads a refund.
    pub async fn refund(&self, provider_id: &str) -> Result<ProviderRefund, ProviderError> {
        self.send("refund.get", None, &RetrieveRefund::new(provider_id)).await.map(ProviderRefund::from)
    }

    /// All refunds of a payment, for looking before repeating a call whose key may be forgotten.
    pub async fn refunds_of(&self, intent_id: &str) -> Result<Vec<ProviderRefund>, ProviderError> {
        let call = ListRefund::new().payment_intent(intent_id).limit(100);
        let list = self.send("refund.list", None, &call).await?;
        Ok(list.data.into_iter().map(ProviderRefund::from).collect())
    }

    /// Finds the session of a payment whose making was not heard of: by the payer's address, then by our id.
    pub async fn find_checkout(&self, email: &str, payment_id: &str) -> Result<Option<Checkout>, ProviderError> {
        let call =
            ListCheckoutSession::new().customer_details(ListCheckoutSessionCustomerDetails::new(email)).limit(100);
        let list = self.send("checkout.list", None, &call).await?;
        let mut found = list.data.into_iter().map(Checkout::from);
        Ok(found.find(|checkout| checkout.our_id == payment_id && checkout.status != CheckoutStatus::Expired))
    }

    /// Tells the breaker how a call went. A clear no, or a request to come later, is an answer too.
    fn note<T>(&self, answer: &Result<T, StripeError>) {
        match answer {
            Err(StripeError::ClientError(_) | StripeError::Timeout | StripeError::Stripe(_, 500..)) => {
                self.breaker.failed();
            }
            _ => self.breaker.answered(),
        }
    }

    /// Sends a request within the limits; the same key at every attempt.
    async fn send<R: StripeRequest>(
        &self,
        endpoint: &'static str,
        key: Option<&str>,
        request: &R,
    ) -> Result<R::Output, ProviderError>
    where
        R::Output: miniserde::Deserialize + Send + 'static,
    {
        let strategy = match key {
            Some(key) => RequestStrategy::Idempotent(
                IdempotencyKey::new(key).map_err(|e| refused("key", format!("not a key: {e:?}")))?,
            ),
            None => RequestStrategy::Once,
        };
        let client = self.transport()?;
        let mut attempt = 1;
        loop {
            if !self.breaker.admits() {
                return Err(ProviderError::Busy("it has not answered for a while".to_owned()));
            }
            let place = self.calls.acquire().await.map_err(|e| ProviderError::Busy(e.to_string()))?;
            if !self.limiter.wait(endpoint).await.map_err(|e| ProviderError::Busy(e.to_string()))? {
                return Err(ProviderError::Busy("it asked to be left alone for a while".to_owned()));
            }
            let call = request.customize().request_strategy(strategy.clone());
            let answer = traces::within(traces::provider_call(endpoint), call.send(&client)).await;
            drop(place);
            self.note(&answer);
            if let Some(wish) = self.wish.take() {
                self.limiter.hold(wish).await.map_err(|e| ProviderError::Busy(e.to_string()))?;
            }
            let error = match answer {
                Ok(answer) => return Ok(answer),
                Err(error) => sorted(error),
            };
            if matches!(error, ProviderError::Refused { .. }) || attempt >= ATTEMPTS {
                return Err(error);
            }
            self.limiter.pause(pause(attempt)).await;
            attempt += 1;
        }
    }
}

/// The way to this address with this key.
fn over_http(key: &str, api_url: &str, wish: &Wish) -> Result<Transport, StripeError> {
    Ok(Transport::Http(Box::new(Line::new(api_url, key, wish.clone())?)))
}

/// Growing pauses with chance in them, so that many callers do not return at the same moment.
fn pause(attempt: u32) -> Duration {
    let jitter = u64::from(crate::infra::random::bytes::<1>()[0]);
    Duration::from_millis((100u64 << attempt.min(6)) + jitter)
}

fn refused(code: &str, message: String) -> ProviderError {
    ProviderError::Refused { code: code.to_owned(), message }
}

/// Stripe's rules on what may be tried again.
fn sorted(error: StripeError) -> ProviderError {
    match error {
        StripeError::Stripe(api, status @ (409 | 429 | 503)) => {
            ProviderError::Busy(format!("{status}: {}", api.message.unwrap_or_default()))
        }
        StripeError::Stripe(api, status @ 500..) => {
            ProviderError::BrokeDown(format!("{status}: {}", api.message.unwrap_or_default()))
        }
        StripeError::Stripe(api, status) => refused(
            api.code.map_or_else(|| status.to_string(), |code| code.to_string()).as_str(),
            api.message.unwrap_or_default(),
        ),
        StripeError::ClientError(what) => ProviderError::Busy(what),
        StripeError::Timeout => ProviderError::Busy("no answer in time".to_owned()),
        // an answer we cannot read says nothing about what happened
        StripeError::JSONDeserialize(what) => ProviderError::Busy(what),
        StripeError::ConfigError(what) => refused("configuration", what),
    }
}
