using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Which model may follow which, and that the model in use stays whatever fails.</summary>
public class UpdateTests
{
    private readonly MemoryStorage storage = new();
    private readonly List<UpdateReport> reports = [];

    [Theory]

    // 0 is no signature.
    [InlineData(5, 6, UpdateOutcome.Applied)]
    [InlineData(5, 5, UpdateOutcome.NotNewer)]
    [InlineData(5, 4, UpdateOutcome.NotNewer)]
    [InlineData(5, 0, UpdateOutcome.NotNewer)]
    [InlineData(0, 1, UpdateOutcome.Applied)]
    [InlineData(0, 0, UpdateOutcome.Applied)]
    [InlineData(0xFFFFFFFF, 0x100000000, UpdateOutcome.Applied)]
    [InlineData(0x100000001, 2, UpdateOutcome.NotNewer)]
    [InlineData(0x7FFFFFFFFFFFFFFF, 0x8000000000000000, UpdateOutcome.Applied)]
    [InlineData(ulong.MaxValue, 1, UpdateOutcome.NotNewer)]
    public void A_version_above_that_in_use_is_taken(ulong inUse, ulong offered, UpdateOutcome outcome)
    {
        UpdatePolicy policy = TestPolicy.Trusting();
        policy.RequireSignature = false;
        ModelUpdater updater = ModelUpdater.Open(storage, Model(inUse, 1f), policy, reports.Add);
        UpdateReport report = updater.Apply(Model(offered, 2f), "here");
        bool applied = outcome == UpdateOutcome.Applied;
        Assert.Equal((outcome, "here", offered), (report.Outcome, report.Origin, report.Version));
        Assert.Equal(applied ? $"Version {offered} replaces version {inUse}." : $"Its version {offered} is not newer than version {inUse} in use.", report.Reason);
        Assert.Equal(Models.Answer(applied ? 2f : 1f), Models.Answer(updater), 1e-6f);
        Assert.Equal(applied ? offered : inUse, updater.Current.Version);
        Assert.Same(report, Assert.Single(reports));
        Assert.Equal(applied ? 28 : -1, storage.Length("model_a.rec"));
    }

    [Fact]
    public void A_stored_model_that_is_not_older_than_the_factory_model_is_used_at_start()
    {
        Open(Models.Signed(2)).Apply(Models.Signed(5, 5f), "t");
        Assert.Equal(5ul, Open(Models.Signed(4)).Current.Version);
        Assert.Equal(Models.Answer(5f), Models.Answer(Open(Models.Signed(5, 2f))), 1e-6f);
        Assert.Equal(6ul, Open(Models.Signed(6)).Current.Version);
        Assert.DoesNotContain(reports, report => report.Outcome != UpdateOutcome.Applied);
    }

    [Fact]
    public void A_stored_model_of_another_contract_than_the_factory_model_is_passed_over()
    {
        Open(Models.Create(), TestPolicy.Unsigned()).Apply(Models.Create(2f), "t");
        ModelUpdater updater = Open(Models.Create(1f, classes: ["off", "on"]), TestPolicy.Unsigned());
        Assert.Equal(UpdateOutcome.OtherInterface, reports[^1].Outcome);
        Assert.Equal("on", updater.Current.Classifier.ClassText(1));
    }

    [Theory]
    [InlineData("classes", "Its classes differ: number 1 is 'shaking', expected 'moving', that of the model in use; allow it with UpdatePolicy.AllowOtherContract, or export it with the same.")]
    [InlineData("fewer classes", "number 1 is not named, expected 'moving'")]
    [InlineData("features", "Its features differ: number 2 is 'z', expected 'x2'")]
    [InlineData("inputs", "Its input 0 has 4 values; expected 3, as the model in use has.")]
    [InlineData("window", "Its sample period, window length or hop is not that of the model in use")]
    [InlineData("value", "edge export --head")]
    public void Another_contract_is_refused_and_named(string what, string reason)
    {
        byte[] file = what switch
        {
            "classes" => Models.Create(2f, classes: ["still", "shaking"]),
            "fewer classes" => Models.Create(2f, classes: ["still"]),
            "features" => Models.Create(2f, features: ["x0", "x1", "z"]),
            "inputs" => Models.Create(2f, inputs: 4),
            "window" => Models.Create(2f, period: 0.01f),
            _ => Models.Create(2f, role: OutputRole.Value),
        };
        ModelUpdater updater = Open(Models.Create(), TestPolicy.Unsigned());
        UpdateReport report = updater.Apply(file, "t");
        Assert.Equal(UpdateOutcome.OtherInterface, report.Outcome);
        if (what is not ("fewer classes" or "value"))
        {
            Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(Models.Answer(1f), Models.Answer(updater), 1e-6f);
        Assert.Null(storage["model_a.edg"]);
    }

    [Fact]
    public void Another_contract_is_taken_where_the_policy_says_so()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.AllowOtherContract = true;
        ModelUpdater updater = Open(Models.Create(), policy);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(2f, classes: ["off", "on"], inputs: 4), "t").Outcome);
        Assert.Equal(4, updater.Current.Session.InputLength);
    }

    [Fact]
    public void What_the_program_asks_for_is_held_to_in_any_case()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.AllowOtherContract = true;
        policy.InputLength = 3;
        policy.OutputLength = 1;
        policy.ClassTexts = ["still", "moving"];
        ModelUpdater updater = Open(Models.Create(), policy);
        Assert.Equal("It takes 4 values; the program gives 3.", updater.Apply(Models.Create(inputs: 4), "t").Reason);
        Assert.Equal("Its class 1 is 'on'; the program asks for 'moving'.", updater.Apply(Models.Create(2f, classes: ["still", "on"]), "t").Reason);
        policy.OutputLength = 2;
        Assert.Equal("It returns 1 values; the program takes 2.", updater.Apply(Models.Create(2f), "t").Reason);
    }

    [Fact]
    public void A_device_without_a_model_waits_for_what_the_program_asks_for()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        Assert.Contains("InputLength", Assert.Throws<ArgumentException>(() => Open(null, policy)).Message, StringComparison.Ordinal);
        policy.InputLength = 3;
        ModelUpdater updater = Open(null, policy);
        Assert.Null(updater.Current);
        Assert.Equal(UpdateOutcome.OtherInterface, updater.Apply(Models.Create(inputs: 4), "t").Outcome);
        Assert.Null(updater.Current);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(2f), "t").Outcome);
        Assert.Equal(Models.Answer(2f), Models.Answer(Open(null, policy)), 1e-6f);

        // It waits again where what it has is damaged.
        storage["model_a.edg"]![50] ^= 1;
        updater = Open(null, policy);
        Assert.Equal((null, UpdateOutcome.NotAModel, "model_a.edg"), (updater.Current, reports[^1].Outcome, reports[^1].Origin));
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(3f), "t").Outcome);
        Assert.Equal(Models.Answer(3f), Models.Answer(Open(null, policy)), 1e-6f);
    }

    [Fact]
    public void No_valid_model_at_start_is_an_error_that_says_why()
    {
        byte[] damaged = Models.Signed(1);
        damaged[40] ^= 1;
        string message = Assert.Throws<InvalidOperationException>(() => Open(damaged)).Message;
        Assert.StartsWith("There is no usable model. 'the factory model': ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integer_inputs_of_another_scale_are_refused_where_the_program_gives_them_raw()
    {
        byte[] next = Models.Create(2f, quantization: new TensorQuantization(0.05f, 3));
        UpdatePolicy policy = TestPolicy.Unsigned();
        byte[] first = Models.Create(quantization: new TensorQuantization(0.1f, 3));
        ModelUpdater updater = Open(first, policy);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(3f, quantization: new TensorQuantization(0.1f, 3)), "t").Outcome);
        UpdateReport report = updater.Apply(next, "t");
        Assert.Equal((UpdateOutcome.OtherInterface, true), (report.Outcome, report.Reason.Contains("UpdatePolicy.RawValues", StringComparison.Ordinal)));
        policy.RawValues = false;
        updater = Open(first, policy);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(next, "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(4f), "t").Outcome);
    }

    [Fact]
    public void A_model_that_fails_its_self_test_or_has_none_is_refused()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        ModelUpdater updater = Open(Models.Create(), policy);
        Assert.Equal((UpdateOutcome.SelfTestFailed, "It does not reproduce its self-test vectors on this device."), Short(updater.Apply(Models.Create(2f, wrongSelfTest: true), "t")));
        Assert.Equal((UpdateOutcome.SelfTestFailed, "It has no self-test vectors."), Short(updater.Apply(Models.Create(2f, selfTest: false), "t")));
        policy.RequireSelfTest = false;
        Assert.Equal(UpdateOutcome.SelfTestFailed, updater.Apply(Models.Create(2f, wrongSelfTest: true), "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(2f, selfTest: false), "t").Outcome);
    }

    [Fact]
    public void A_bit_that_flips_anywhere_is_noticed()
    {
        ModelUpdater updater = Open(Models.Signed(1));
        byte[] file = Models.Signed(2, 2f);

        // On the way: each byte of header, sections and signature.
        for (int i = 0; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= 4;
            UpdateReport report = updater.Apply(damaged, "t");
            Assert.True(report.Outcome == UpdateOutcome.NotAModel, $"byte {i}: {report.Outcome} {report.Reason}");
        }

        Assert.Equal(Models.Answer(1f), Models.Answer(updater), 1e-6f);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(file, "t").Outcome);
    }

    [Fact]
    public void A_file_that_ends_early_or_goes_on_is_refused()
    {
        ModelUpdater updater = Open(Models.Signed(1));
        byte[] file = Models.Signed(2, 2f);
        ModelReceiver receiver = updater.Receive("t", file.Length);
        receiver.Write(file, 0, file.Length - 1);
        Assert.Equal((UpdateOutcome.Unreachable, $"It ended after {file.Length - 1} of {file.Length} bytes."), Short(receiver.Finish()));

        receiver = updater.Receive("t", file.Length - 1);
        receiver.Write(file, 0, file.Length - 2);
        receiver.Write(file, file.Length - 2, 2);
        Assert.True(receiver.Failed);
        Assert.Equal((UpdateOutcome.StorageFailed, $"It has more than the {file.Length - 1} bytes that were announced."), Short(receiver.Finish()));
        foreach (int length in (int[])[0, 1, 4, 23, 24, 100, file.Length - 128, file.Length - 1])
        {
            Assert.Equal(length == file.Length - 128 ? UpdateOutcome.Unsigned : UpdateOutcome.NotAModel, updater.Apply(file[..length], "t").Outcome);
        }

        Assert.Equal(1ul, updater.Current.Version);
    }

    [Fact]
    public void A_file_above_the_limit_is_refused_before_it_is_stored()
    {
        byte[] file = Models.Signed(2, 2f);
        UpdatePolicy policy = TestPolicy.Trusting();
        policy.MaxBytes = file.Length - 1;
        ModelUpdater updater = Open(Models.Create(), policy);
        int steps = storage.Steps;
        Assert.Null(updater.Receive("t", file.Length));
        Assert.Equal((UpdateOutcome.NotAModel, $"It has {file.Length} bytes, more than the {file.Length - 1} allowed."), Short(updater.Last));
        Assert.Null(updater.Receive("t", -1));
        Assert.Equal((UpdateOutcome.NotAModel, "It is empty."), Short(updater.Last));
        Assert.Equal(steps, storage.Steps);
        policy.MaxBytes++;
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(file, "t").Outcome);
    }

    [Fact]
    public void A_full_storage_keeps_the_model_in_use()
    {
        byte[] file = Models.Signed(2, 2f);
        for (int capacity = 0; capacity < file.Length + 28; capacity += 13)
        {
            var full = new MemoryStorage { Capacity = capacity };
            ModelUpdater updater = ModelUpdater.Open(full, Models.Signed(1), TestPolicy.Trusting(), null);
            UpdateReport report = PowerLossTests.Offer(updater, file, 50);
            Assert.Equal((UpdateOutcome.StorageFailed, "The storage failed: No space left."), Short(report));
            Assert.Equal(1ul, updater.Current.Version);
            full.Capacity = file.Length + 28;
            Assert.Equal(UpdateOutcome.Applied, PowerLossTests.Offer(updater, file, 50).Outcome);
        }
    }

    [Fact]
    public void What_is_read_back_otherwise_than_written_is_refused()
    {
        ModelUpdater updater = Open(Models.Signed(1));
        foreach (string name in (string[])["model_a.edg", "model_a.rec"])
        {
            storage.Damaged = name;
            Assert.Equal(UpdateOutcome.StorageFailed, updater.Apply(Models.Signed(2, 2f), "t").Outcome);
            Assert.Equal(1ul, updater.Current.Version);
            storage.Damaged = null;
            Assert.Equal(1ul, Open(Models.Signed(1)).Current.Version);
        }
    }

    [Fact]
    public void Short_reads_are_read_on()
    {
        storage.MaxRead = 7;
        Assert.Equal(UpdateOutcome.Applied, Open(Models.Signed(1)).Apply(Models.Signed(2, 2f), "t").Outcome);
        Assert.Equal(2ul, Open(Models.Signed(1)).Current.Version);
    }

    [Fact]
    public void A_storage_that_cannot_be_read_leaves_the_factory_model()
    {
        ModelUpdater first = Open(Models.Signed(1));
        first.Apply(Models.Signed(2, 2f), "t");
        foreach (string name in (string[])["model_a.rec", "model_a.edg"])
        {
            storage.Unreadable = name;
            Assert.Equal(1ul, Open(Models.Signed(1)).Current.Version);
            Assert.Equal(UpdateOutcome.Unreachable, reports[^1].Outcome);
            storage.Unreadable = null;
        }

        Assert.Equal(2ul, Open(Models.Signed(1)).Current.Version);
    }

    [Fact]
    public void The_model_in_use_is_not_stored_again()
    {
        byte[] factory = Models.Signed(1);
        ModelUpdater updater = Open(factory);
        int steps = storage.Steps;
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply(factory, "t").Outcome);
        Assert.Equal((steps, 0), (storage.Steps, reports.Count));
        byte[] file = Models.Signed(2, 2f);
        updater.Apply(file, "t");
        steps = storage.Steps;
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply(file, "t").Outcome);
        Assert.Equal((steps, 1), (storage.Steps, reports.Count));

        // A transport that cannot know it beforehand.
        Assert.Equal(UpdateOutcome.Unchanged, PowerLossTests.Offer(updater, file, 64).Outcome);
        Assert.Equal(2ul, Open(factory).Current.Version);
    }

    [Fact]
    public void A_file_that_was_refused_is_not_stored_again()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        ModelUpdater updater = Open(Models.Create(), policy);
        byte[] wrong = Models.Create(2f, wrongSelfTest: true);
        UpdateReport report = updater.Apply(wrong, "t");
        int steps = storage.Steps;
        Assert.Same(report, updater.Apply(wrong, "t"));
        Assert.Equal((steps, 1), (storage.Steps, reports.Count));
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(3f), "t").Outcome);
        Assert.NotSame(report, updater.Apply(wrong, "t"));

        // A full storage is asked again.
        storage.Capacity = 0;
        Assert.Equal(UpdateOutcome.StorageFailed, updater.Apply(Models.Create(4f), "t").Outcome);
        storage.Capacity = int.MaxValue;
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(4f), "t").Outcome);
    }

    [Fact]
    public void A_new_offer_ends_the_one_under_way()
    {
        ModelUpdater updater = Open(Models.Signed(1));
        byte[] file = Models.Signed(2, 2f);
        ModelReceiver first = updater.Receive("first", file.Length);
        first.Write(file, 0, 100);
        ModelReceiver second = updater.Receive("second", file.Length);
        first.Write(file, 100, file.Length - 100);
        Assert.True(first.Failed);
        Assert.Equal(UpdateOutcome.Unreachable, first.Finish().Outcome);
        second.Write(file, 0, file.Length);
        Assert.Equal(UpdateOutcome.Applied, second.Finish().Outcome);
        Assert.Equal(UpdateOutcome.Unreachable, second.Finish().Outcome);
    }

    [Fact]
    public void Unloading_first_comes_back_to_the_old_model()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.UnloadFirst = true;
        ModelUpdater updater = Open(Models.Create(), policy);
        byte[][] wrong = [Models.Create(2f, wrongSelfTest: true), Models.Create(2f, classes: ["a", "b"]), Models.Create(2f, inputs: 4)];
        for (int round = 1; round < 4; round++)
        {
            foreach (byte[] file in wrong)
            {
                Assert.NotEqual(UpdateOutcome.Applied, updater.Apply(file, "t").Outcome);
                Assert.Equal(Models.Answer(round), Models.Answer(updater), 1e-6f);
            }

            Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(round + 1), "t").Outcome);
        }
    }

    [Fact]
    public void What_the_file_alone_shows_is_refused_before_the_model_in_use_is_let_go_of()
    {
        UpdatePolicy policy = TestPolicy.Trusting();
        policy.UnloadFirst = true;
        ModelUpdater updater = Open(Models.Signed(5), policy);
        ModelInstance before = updater.Current;
        byte[] damaged = Models.Signed(6, 2f);
        damaged[80] ^= 1;
        Assert.Equal(UpdateOutcome.NotAModel, updater.Apply(damaged, "t").Outcome);
        Assert.Equal(UpdateOutcome.Unsigned, updater.Apply(Models.Create(2f), "t").Outcome);
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(Models.Signed(5, 2f), "t").Outcome);
        Assert.Same(before, updater.Current);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Signed(6, 2f), "t").Outcome);
        Assert.NotSame(before, updater.Current);
    }

    [Fact]
    public void An_old_model_that_is_gone_too_is_said()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.UnloadFirst = true;
        ModelUpdater updater = Open(Models.Create(), policy);
        updater.Apply(Models.Create(2f), "t");
        storage.Unreadable = "model_a.edg";
        string message = Assert.Throws<InvalidOperationException>(() => updater.Apply(Models.Create(3f, wrongSelfTest: true), "t")).Message;
        Assert.Contains("Restart the device", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_session_that_decides_is_whole_until_it_is_let_go_of()
    {
        ModelUpdater updater = Open(Models.Signed(1));
        ModelInstance before = updater.Current;
        updater.Apply(Models.Signed(2, 2f), "t");
        before.Classifier.Classify([1f, 1f, 1f]);
        Assert.Equal(Models.Answer(1f), before.Classifier.Probability, 1e-6f);
        Assert.Equal((1ul, 2ul), (before.Version, updater.Current.Version));
    }

    [Fact]
    public void A_policy_that_cannot_be_is_refused()
    {
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.ChunkBytes = 63;
        Assert.Contains("ChunkBytes is 63; expected 0, or 64 or more", Assert.Throws<ArgumentException>(() => Open(Models.Create(), policy)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => ModelUpdater.Open(null, Models.Create(), policy, null));
        Assert.Throws<ArgumentNullException>(() => ModelUpdater.Open(storage, Models.Create(), null, null));
        Assert.Throws<ArgumentNullException>(() => ModelUpdater.Open(storage, null, 0, TestPolicy.Unsigned(), null));
        Assert.Throws<ArgumentNullException>(() => Open(Models.Signed(1)).Apply(null, "t"));
    }

    [Fact]
    public void A_listener_that_throws_changes_nothing()
    {
        ModelUpdater updater = Open(Models.Signed(1));
        updater.Reported = _ => throw new FormatException();
        Assert.Throws<FormatException>(() => updater.Apply(Models.Signed(2, 2f), "t"));
        Assert.Throws<FormatException>(() => updater.Apply(Models.Signed(1, 3f), "t"));
        Assert.Equal((2ul, 2ul), (updater.Current.Version, Open(Models.Signed(1)).Current.Version));
    }

    [Fact]
    public void A_factory_model_in_parts_is_the_same()
    {
        byte[] factory = Models.Signed(3);
        ModelUpdater updater = ModelUpdater.Open(storage, (offset, count) => factory[offset..(offset + count)], factory.Length, TestPolicy.Trusting(), reports.Add);
        Assert.Equal(Models.Answer(1f), Models.Answer(updater), 1e-6f);
        Assert.Equal(UpdateOutcome.Unchanged, updater.Apply(factory, "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Signed(4, 4f), "t").Outcome);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void Weights_are_read_from_the_storage_in_chunks(int chunkBytes, bool unloadFirst)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Golden(), "breast_cancer.edge"));
        byte[] renamed = [.. file];
        renamed[file.AsSpan().IndexOf("breast_cancer_mlp"u8)] = (byte)'B';
        ModelBuilder.WriteCrc(renamed);
        UpdatePolicy policy = TestPolicy.Unsigned();
        policy.ChunkBytes = chunkBytes;
        policy.UnloadFirst = unloadFirst;
        ModelUpdater updater = Open(file, policy);
        float[] row = [.. Enumerable.Range(0, 30).Select(i => 3f * i)];
        updater.Current.Classifier.Classify(row);
        float expected = updater.Current.Classifier.Probability;
        foreach (byte[] next in (byte[][])[renamed, file, renamed])
        {
            Assert.Equal(UpdateOutcome.Applied, updater.Apply(next, "t").Outcome);
            updater.Current.Classifier.Classify(row);
            Assert.Equal((expected, chunkBytes), (updater.Current.Classifier.Probability, updater.Current.Session.Model.ChunkBytes));
        }

        Assert.Equal("Breast_cancer_mlp", Open(file, policy).Current.Session.Model.Name);
    }

    private static string Golden([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "EdgeRuntime.Nano.DeviceTests", "Golden");

    private static (UpdateOutcome Outcome, string Reason) Short(UpdateReport report) => (report.Outcome, report.Reason);

    private static byte[] Model(ulong version, float weight) => version == 0 ? Models.Create(weight) : Models.Signed(version, weight);

    private ModelUpdater Open(byte[]? factory, UpdatePolicy? policy = null) => ModelUpdater.Open(storage, factory, policy ?? TestPolicy.Trusting(), reports.Add);
}
