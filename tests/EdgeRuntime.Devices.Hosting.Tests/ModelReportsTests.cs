using EdgeInference.Devices.Hosting.Tests.Doubles;
using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>What became of an offered model is logged once, until something else becomes of it.</summary>
public sealed class ModelReportsTests : IDisposable
{
    private readonly LogDouble log = new();

    public void Dispose() => log.Dispose();

    [Fact]
    public void A_poll_that_fails_the_same_way_is_logged_once()
    {
        var reports = new ModelReports(log);
        for (int i = 0; i < 5; i++)
        {
            reports.Log(new UpdateReport(UpdateOutcome.NotAModel, "a.edge", 0, "It is torn."));
            reports.Log(new UpdateReport(UpdateOutcome.Unsigned, "b.edge", 0, "It is not signed."));
            reports.Log(new UpdateReport(UpdateOutcome.Unreachable, "https://x", 0, "gone"));
        }

        reports.Log(new UpdateReport(UpdateOutcome.Applied, "a.edge", 2, "Version 2 replaces version 1."));
        reports.Log(new UpdateReport(UpdateOutcome.NotAModel, "a.edge", 0, "It is torn."));
        Assert.Equal(
            ["No new model (NotAModel) from a.edge: It is torn.", "No new model (Unsigned) from b.edge: It is not signed.", "New model from a.edge. Version 2 replaces version 1.", "No new model (NotAModel) from a.edge: It is torn."],
            log.Entries.Select(entry => entry.Text));
    }

    [Fact]
    public void A_name_with_line_breaks_writes_no_lines_of_its_own()
    {
        new ModelReports(log).Log(new UpdateReport(UpdateOutcome.NotAModel, "a\nfail: b\u001b[2J.edge", 0, "'a\nb' is torn."));
        Assert.Equal("No new model (NotAModel) from a fail: b [2J.edge: 'a b' is torn.", Assert.Single(log.Entries).Text);
    }

    [Fact]
    public void The_end_of_a_trial_is_an_event_of_its_own()
    {
        var reports = new ModelReports(log);
        reports.Log(new UpdateReport(UpdateOutcome.Confirmed, "store", 2, "Version 2 has passed its trial."));
        reports.Log(new UpdateReport(UpdateOutcome.TakenBack, "store", 2, "The watchdog expired."));
        Assert.Equal([(1103, LogLevel.Information), (1104, LogLevel.Error)], log.Entries.Select(entry => (entry.Id, entry.Level)));
    }
}
