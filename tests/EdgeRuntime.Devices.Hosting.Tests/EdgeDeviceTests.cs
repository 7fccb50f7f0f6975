using EdgeInference.Devices.Hosting.Tests.Doubles;
using EdgeInference.Devices.Tests.Doubles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting.Tests;

/// <summary>A device in a host of its own, as a user of the package writes it. Some write to the console of this process.</summary>
[Collection(nameof(ConsoleTests))]
public sealed class EdgeDeviceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("edge-hosting").FullName;
    private readonly List<int> labels = [];
    private readonly string model;

    public EdgeDeviceTests()
    {
        model = Path.Combine(folder, "m.edge");
        File.WriteAllBytes(model, TestModels.Described(["still", "shaking"], ["x"], bias: 100f));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Three_lines_make_a_device()
    {
        HostApplicationBuilder builder = Builder();
        builder.Services.AddEdgeModel(model)
            .AddDecisionLoop(_ => Source(), loop => loop.PeriodMilliseconds = 1)
            .AddOutput(_ => new CallbackOutput(label => { lock (labels) { labels.Add(label); } }));
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.Null(host.Services.GetService<ModelUpdater>());
        DecisionLoop loop = host.Services.GetRequiredService<DecisionLoop>();
        Assert.True(loop.Statistics.Turns > 0);
        Assert.True(SpinWait.SpinUntil(() => loop.Label == 1, Limit));
        await host.StopAsync();
        Assert.Equal([1, CallbackOutput.Safe], labels);
    }

    [Fact]
    public async Task A_service_beside_the_loop_that_throws_does_not_end_it()
    {
        HostApplicationBuilder builder = Builder();
        builder.Services.AddEdgeModel(options => (options.File, options.StoreFolder, options.Policy) = (model, Path.Combine(folder, "store"), new UpdatePolicy { RequireSignature = false, RequireSelfTest = false }))
            .AddDecisionLoop(_ => Source(), loop => loop.PeriodMilliseconds = 1);
        builder.Services.AddHostedService<Failing>();
        using IHost host = builder.Build();
        await host.StartAsync();
        Failing beside = host.Services.GetServices<IHostedService>().OfType<Failing>().Single();
        Assert.True(SpinWait.SpinUntil(() => beside.ExecuteTask is { IsFaulted: true }, Limit));
        DecisionLoop loop = host.Services.GetRequiredService<DecisionLoop>();
        long turns = loop.Statistics.Turns;
        Assert.True(SpinWait.SpinUntil(() => loop.Statistics.Turns > turns + 10, Limit));
        Assert.NotNull(host.Services.GetService<ModelUpdater>());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_stored_model_that_the_loop_cannot_use_is_passed_over_for_the_one_it_was_shipped_with()
    {
        string store = Directory.CreateDirectory(Path.Combine(folder, "store")).FullName;
        File.WriteAllBytes(Path.Combine(store, "model.edge"), TestModels.Described(["still", "shaking"], ["another"], bias: 100f));
        var log = new LogDouble();
        HostApplicationBuilder builder = Builder();
        builder.Logging.AddProvider(log);
        builder.Services.AddEdgeModel(options => (options.File, options.StoreFolder, options.Policy) = (model, store, new UpdatePolicy { RequireSignature = false, RequireSelfTest = false }))
            .AddDecisionLoop(_ => Source(), loop => loop.PeriodMilliseconds = 1);
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.True(SpinWait.SpinUntil(() => host.Services.GetRequiredService<DecisionLoop>().Label == 1, Limit));
        Assert.Contains("another", Assert.Single(log.Entries, entry => entry.Id == 1102).Text, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_mistyped_setting_is_an_error_at_the_start()
    {
        HostApplicationBuilder builder = Builder(("Device:Loop:PeriodMiliseconds", "8"), ("Device:Loop:Window", "NaN"));
        builder.Services.AddEdgeModel(model).AddDecisionLoop(_ => Source(), builder.Configuration.GetSection("Device:Loop"));
        using IHost host = builder.Build();
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(["Device:Loop:PeriodMiliseconds is no setting; did you mean PeriodMilliseconds?", "Device:Loop:Window is 'NaN', which is no whole number of 32 bits."], exception.Failures.Order());
    }

    [Fact]
    public void What_the_user_can_mend_is_a_sentence_and_exit_code_1()
    {
        Assert.Equal((1, $"Could not find file '{model}2'.\n"), Run(builder => builder.Services.AddEdgeModel(model + "2").AddDecisionLoop(_ => Source(), _ => { })));
        File.WriteAllBytes(model + "3", [1, 2, 3]);
        (int code, string text) = Run(builder => builder.Services.AddEdgeModel(model + "3").AddDecisionLoop(_ => Source(), _ => { }));
        Assert.Equal(1, code);
        Assert.StartsWith($"'{model}3' is no usable model: ", Assert.Single(text.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal((1, "LoopOptions:Hop is 0; it must be 1 to 1.\n"), Run(builder => builder.Services.AddEdgeModel(model).AddDecisionLoop(_ => Source(), loop => loop.Hop = 0)));
        Assert.Equal(
            (1, "Device:Output:Pin is 4 and no class drives it; set Device:Output:Class to one of 'still', 'shaking'.\n"),
            Run(builder => builder.Services.AddEdgeModel(model).AddDecisionLoop(_ => Source(), _ => { }).AddPinOutput(builder.Configuration.GetSection("Device:Output")), ("Device:Output:Pin", "4")));
    }

    [Fact]
    public void What_nobody_expected_is_said_in_full_and_is_exit_code_1()
    {
        (int code, string text) = Run(builder => builder.Services.AddEdgeModel(model).AddDecisionLoop(_ => throw new NotSupportedException("bug"), _ => { }));
        Assert.Equal(1, code);
        Assert.StartsWith("System.NotSupportedException: bug", text, StringComparison.Ordinal);
        Assert.Contains("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_that_fails_ends_the_process_with_exit_code_1()
    {
        int before = Environment.ExitCode;
        try
        {
            (int code, _) = Run(builder =>
            {
                builder.Services.AddEdgeModel(model).AddDecisionLoop(_ => Source(), loop => loop.PeriodMilliseconds = 1);
                builder.Services.AddHostedService<Breaking>();
            });
            Assert.Equal(1, code);
        }
        finally
        {
            Environment.ExitCode = before;
        }
    }

    private static DelegateSampleSource Source() => new(1, sample => sample[0] = 1f, channelNames: ["x"]);

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        return builder;
    }

    private static (int Code, string Errors) Run(Action<HostApplicationBuilder> add, params (string Key, string Value)[] settings)
    {
        TextWriter errors = Console.Error;
        using var written = new StringWriter { NewLine = "\n" };
        try
        {
            Console.SetError(written);
            HostApplicationBuilder builder = Builder(settings);
            add(builder);
            return (builder.Build().RunEdgeDevice(), written.ToString());
        }
        finally
        {
            Console.SetError(errors);
        }
    }

    private sealed class Failing : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => throw new InvalidOperationException("bug");
    }

    // A model that is freed under the loop is a fault of the program.
    private sealed class Breaking(ModelHost host) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            host.Dispose();
            return Task.CompletedTask;
        }
    }
}

/// <summary>Tests that take the console's streams.</summary>
[CollectionDefinition(nameof(ConsoleTests), DisableParallelization = true)]
public static class ConsoleTests;
