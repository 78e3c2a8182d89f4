//! Teams, their plan and their credits.

use grinfi_raw::{options, types::CheckTeamLimitsBody};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{Team, TeamLimits},
    page::{BoxFuture, Page},
    resources::macros::handle,
    search::{Listed, Query, Search},
};

handle! {
    /// Teams, their plan and their credits. A key is bound to one of them.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// for team in client.teams().list().stream().collect().await? {
    ///     println!("{:?} {:?}", team.id, team.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Teams
}

impl Client {
    /// Teams, their plan and their credits.
    #[must_use]
    pub fn teams(&self) -> Teams {
        Teams::new(self.clone())
    }
}

impl Teams {
    /// Lists the teams of the user (`listTeams`). The API takes neither a filter nor an order here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a team (`getTeam`). [`Client::team_id`] is the one that the key is bound to.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, id: i64) -> Result<Team> {
        check_team(id)?;
        self.client.call(self.client.raw().get_team(id)).await
    }

    /// Asks what it would take for a team to have this many sender profiles (`checkTeamLimits`). Nothing changes and
    /// nothing is bought.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for less than one sender profile; [`Error::is_out_of_credits`] if the plan of the team
    /// does not allow it.
    pub async fn check_limits(&self, id: i64, sender_profiles: u32) -> Result<TeamLimits> {
        check_team(id)?;
        if sender_profiles == 0 {
            return Err(Error::input("sender_profiles", "the API checks for one or more"));
        }
        let body = CheckTeamLimitsBody::new(sender_profiles.into());
        self.client.call(self.client.raw().check_team_limits(id, &body)).await
    }
}

fn check_team(id: i64) -> Result<()> {
    if id > 0 { Ok(()) } else { Err(Error::input("id", format!("`{id}` is no id of a team"))) }
}

impl Listed for Teams {
    type Item = Team;
    const OPERATION: &'static str = "listTeams";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Team>>> {
        Box::pin(async move {
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_teams_with_options(options::ListTeams {
                    limit,
                    offset,
                    ..Default::default()
                }))
                .await
        })
    }
}
