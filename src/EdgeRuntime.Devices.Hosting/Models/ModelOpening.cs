using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>Opens the model that a device starts with.</summary>
internal static class ModelOpening
{
    /// <summary>Opens a model that is never updated.</summary>
    internal static ModelHost Fixed(string path)
    {
        EdgeModel model;
        try
        {
            model = EdgeModel.Load(path);
        }
        catch (ModelFormatException exception)
        {
            throw new InvalidDataException($"'{path}' is no usable model: {exception.Message}", exception);
        }

        if (!SelfTest.Run(model))
        {
            model.Dispose();
            throw new InvalidDataException($"'{path}' is no usable model: it does not reproduce its self-test vectors on this machine.");
        }

        return new ModelHost(model, ModelSignature.Of(model.File)?.Version ?? 0);
    }

    /// <summary>Opens the store; of each model that is offered later, the log says what became of it.</summary>
    internal static ModelUpdater Stored(IServiceProvider provider)
    {
        EdgeModelOptions options = provider.GetRequiredService<IOptions<EdgeModelOptions>>().Value;
        if (options.StoreFolder.Length == 0)
        {
            throw new InvalidDataException("The model has no store to keep newer ones in; set EdgeModelOptions.StoreFolder, or use AddEdgeModel(path) for a model that is never updated.");
        }

        ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger<ModelUpdater>();
        var passedOver = new List<UpdateReport>();
        ModelUpdater updater;
        try
        {
            updater = ModelUpdater.Open(options.StoreFolder, options.File.Length > 0 ? options.File : null, options.Policy, passedOver.Add, slot => Refusal(provider, slot));
        }
        catch (InvalidDataException)
        {
            if (passedOver.Count == 0 || passedOver.Any(report => report.Outcome != UpdateOutcome.OtherInterface || report.Reason != passedOver[0].Reason))
            {
                throw;
            }

            // Every model is good and none fits the settings: they are what is wrong.
            throw new InvalidDataException(passedOver[0].Reason);
        }

        updater.Reported -= passedOver.Add;
        updater.Reported += new ModelReports(logger).Log;

        // Where none is left, the exception has the reasons.
        foreach (UpdateReport report in passedOver)
        {
            DeviceLog.ModelPassedOver(logger, report.Outcome, report.Origin, LogText.OneLine(report.Reason));
        }

        LearnedStateKeeper.Load(updater.Host, new LearnedStateFile(options.StoreFolder), logger);
        return updater;
    }

    // A model that the rest of the device cannot use must not keep it from starting with the one before.
    private static string? Refusal(IServiceProvider provider, ModelSlot slot) =>
        provider.GetServices<StartCheck>().Select(check => check.Refusal(provider, slot)).FirstOrDefault(reason => reason is not null);
}
