using EdgeInference.Devices.Tests.Doubles;
using EdgeInference.Runtime;

namespace EdgeInference.Devices.Tests;

/// <summary>A new model is on trial: it is confirmed by what it does, or the one before decides again.</summary>
public sealed class DeviceTrialTests : StoreTests
{
    private readonly FakeTime time = new();

    public DeviceTrialTests()
        : base(new UpdateTrial { Duration = TimeSpan.FromMinutes(1), Decisions = 50 })
    {
    }

    [Fact]
    public void A_model_that_decides_for_its_time_is_confirmed_and_only_then()
    {
        using var device = new Running(this, Open());
        Assert.False(device.Updater.OnTrial);
        Assert.Null(device.Trial.Check());
        device.Updater.Apply(Version(2), "t");
        Assert.True(device.Updater.OnTrial);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(device.Trial.Check());
        device.Step(49);
        Assert.Null(device.Trial.Check());
        device.Step(1);
        Assert.Equal(new UpdateReport(UpdateOutcome.Confirmed, Stored, 2, "Version 2 has passed its trial and stays."), device.Trial.Check());
        Assert.False(device.Updater.OnTrial);
        Assert.Null(device.Trial.Check());

        // Decisions of one model do not count for the next.
        device.Updater.Apply(Version(3), "t");
        Assert.Null(device.Trial.Check());
        device.Step(60);
        Assert.Null(device.Trial.Check());
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(UpdateOutcome.Confirmed, device.Trial.Check()!.Outcome);
    }

    [Fact]
    public void A_model_on_which_the_watchdog_expires_is_taken_back_between_two_decisions_and_never_taken_again()
    {
        byte[] third;
        using (var device = new Running(this, Open()))
        {
            device.Updater.Apply(Version(2), "t");
            device.Updater.Confirm();
            device.Loop.Statistics.AddWatchdogExpiration();
            Assert.Null(device.Trial.Check());
            third = Version(3);
            device.Updater.Apply(third, "t");
            Assert.Null(device.Trial.Check());
            device.Step(1);
            Assert.Equal(3ul, device.Loop.ModelVersion);
            device.Loop.Statistics.AddWatchdogExpiration();
            Assert.Equal(
                new UpdateReport(UpdateOutcome.TakenBack, Stored, 3, "The loop's watchdog expired while the model was on trial. Version 2 is in use again instead of version 3."),
                device.Trial.Check());
            Assert.Equal(3ul, device.Loop.ModelVersion);
            device.Step(1);
            Assert.Equal(2ul, device.Loop.ModelVersion);
            Assert.False(device.Updater.OnTrial);
            Assert.Equal(1, device.Updater.Count(UpdateOutcome.TakenBack));
        }

        using ModelUpdater again = Open();
        Assert.Equal(2ul, again.Host.Version);
        Assert.Equal(Version(2).Length, new FileInfo(Stored).Length);
        Assert.Equal(UpdateOutcome.TakenBack, again.Apply(third, "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, again.Apply(Version(4), "t").Outcome);
    }

    [Theory]
    [InlineData("not finite", "Of 20 decisions on trial 20 were not finite, more than the 0.1 allowed of each.")]
    [InlineData("abstain", "Of 20 decisions on trial 20 were in the abstain band, more than the 0.9 allowed of each.")]
    [InlineData("unlike", "Of 20 decisions on trial 20 were on values unlike the training data, more than the 0.5 allowed of each.")]
    [InlineData("drift", "Of 20 decisions on trial 20 were on values unlike the training data, more than the 0.5 allowed of each.")]
    public void A_model_that_does_not_decide_or_does_not_know_its_inputs_is_taken_back(string fault, string reason)
    {
        using var device = new Running(this, Open());
        device.Updater.Apply(ModelSignature.Sign(Faulty(fault), key, 2), "t");
        UpdateReport? report = null;
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(report);
            device.Step(1);
            if (fault == "not finite")
            {
                device.Loop.Statistics.AddNotFinite();
            }

            report = i < 19 ? null : device.Trial.Check();
        }

        Assert.Equal(new UpdateReport(UpdateOutcome.TakenBack, Stored, 2, $"{reason} Version 1 is in use again instead of version 2."), report);
    }

    [Fact]
    public void Fewer_than_ten_decisions_and_half_of_them_unlike_the_training_data_take_nothing_back()
    {
        using var device = new Running(this, Open());
        device.Updater.Apply(ModelSignature.Sign(Faulty("drift"), key, 2), "t");
        device.Step(9);
        Assert.Null(device.Trial.Check());
        device.Value = 100f;
        device.Step(9);
        Assert.Null(device.Trial.Check());
        device.Value = 1f;
        device.Step(1);
        Assert.Equal("Of 19 decisions on trial 10 were on values unlike the training data, more than the 0.5 allowed of each. Version 1 is in use again instead of version 2.", device.Trial.Check()?.Reason);
    }

    [Fact]
    public void A_model_whose_training_rows_do_not_fit_it_is_no_model()
    {
        using ModelUpdater updater = Open();
        UpdateReport report = updater.Apply(ModelSignature.Sign(TestModels.WithTrainingRows(new byte[10]), key, 2), "t");
        Assert.Equal((UpdateOutcome.NotAModel, true), (report.Outcome, report.Reason.Contains("the statistics of the training rows do not fit their record or the model", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_model_that_ends_the_program_at_each_start_is_taken_back_after_three()
    {
        byte[] third = Version(3);
        using (ModelUpdater updater = Open())
        {
            updater.Apply(Version(2), "t");
            updater.Confirm();
            updater.Apply(third, "t");
        }

        reports.Clear();
        for (int start = 0; start < 3; start++)
        {
            // Looking does not count.
            ModelUpdater.Inspect(Store, Factory, policy).Dispose();
            using ModelUpdater updater = Open();
            Assert.Equal((3ul, true), (updater.Host.Version, updater.OnTrial));
            Assert.Empty(reports);
        }

        using (ModelUpdater updater = Open())
        {
            Assert.Equal((2ul, false), (updater.Host.Version, updater.OnTrial));
            Assert.Equal("Version 3 is taken back: the program was started 3 times and did not confirm it.", reports[0].Reason);
            Assert.Equal(UpdateOutcome.TakenBack, updater.Apply(third, "t").Outcome);
        }

        reports.Clear();
        using ModelUpdater last = Open();
        Assert.Equal(2ul, last.Host.Version);
        Assert.Empty(reports);
    }

    [Fact]
    public void A_damaged_model_on_trial_gives_way_to_the_one_before()
    {
        using (ModelUpdater updater = Open())
        {
            updater.Apply(Version(2), "t");
        }

        File.WriteAllBytes(Stored, Version(2)[..100]);
        using ModelUpdater again = Open();
        Assert.Equal(1ul, again.Host.Version);
        Assert.Contains(reports, report => report.Outcome == UpdateOutcome.NotAModel);
    }

    [Fact]
    public void A_model_with_nothing_before_it_stays_and_that_is_said_once()
    {
        using var device = new Running(this, Open());
        File.Delete(Factory);
        device.Updater.Apply(Version(2), "t");
        device.Loop.Statistics.AddWatchdogExpiration();
        UpdateReport? report = device.Trial.Check();
        Assert.Equal((UpdateOutcome.Unreachable, true), (report!.Outcome, report.Reason.EndsWith("There is no earlier model to go back to, so that version 2 stays in use.", StringComparison.Ordinal)));
        Assert.Null(device.Trial.Check());
        Assert.Equal(2ul, device.Updater.Host.Version);
    }

    [Fact]
    public void A_fall_back_that_cannot_be_stored_still_saves_the_loop()
    {
        using var device = new Running(this, Open());
        byte[] second = Version(2);
        device.Updater.Apply(second, "t");
        device.Updater.Store.Files = new FullDisk(10);
        UpdateReport report = device.Updater.FallBack("Bad.");
        Assert.Equal((UpdateOutcome.TakenBack, 1ul), (report.Outcome, device.Updater.Host.Version));
        Assert.Contains("It could not be stored: No space left", report.Reason, StringComparison.Ordinal);
        Assert.Equal(UpdateOutcome.TakenBack, device.Updater.Apply(second, "t").Outcome);
    }

    [Fact]
    public void Without_a_trial_a_model_is_confirmed_at_once()
    {
        using (ModelUpdater updater = Open())
        {
            updater.Apply(Version(2), "t");
        }

        using var plain = ModelUpdater.Open(Store, Factory, policy with { Trial = null }, reports.Add);
        Assert.Equal((2ul, false), (plain.Host.Version, plain.OnTrial));
        Assert.Equal(UpdateOutcome.Applied, plain.Apply(Version(3), "t").Outcome);
        Assert.Equal((UpdateOutcome.Unchanged, false), (plain.Confirm().Outcome, plain.OnTrial));
    }

    private static byte[] Faulty(string fault) => fault switch
    {
        "abstain" => TestModels.Create(bands: [0f, 1f]),
        "unlike" => TestModels.WithStatistics(100f),
        "drift" => TestModels.WithTrainingRows(TestModels.TrainingRow(100f, 1f, 1f, 1f)),
        _ => TestModels.Create(),
    };

    private sealed class Running : IDisposable
    {
        private readonly SensorMonitor sensor;
        private readonly ModelSlot slot;

        internal Running(DeviceTrialTests test, ModelUpdater updater)
        {
            Updater = updater;
            sensor = new SensorMonitor(new DelegateSampleSource(1, sample => sample[0] = Value));
            slot = updater.Host.CreateSlot();
            Loop = new DecisionLoop(sensor, slot, new DecisionLoopOptions { Period = TimeSpan.FromSeconds(1) }, [], test.time);
            Trial = new ModelTrial(updater, Loop, test.time);
        }

        internal float Value { get; set; } = 1f;

        internal ModelUpdater Updater { get; }

        internal DecisionLoop Loop { get; }

        internal ModelTrial Trial { get; }

        public void Dispose()
        {
            Loop.Dispose();
            slot.Dispose();
            sensor.Dispose();
            Updater.Dispose();
        }

        internal void Step(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Loop.Step();
            }
        }
    }
}
