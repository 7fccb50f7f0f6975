using System.Security.Cryptography;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>Tests of a store: its folder, a factory model of version 1 beside it, the key that signs, and what was reported.</summary>
public abstract class StoreTests : IDisposable
{
    private protected readonly string folder = Directory.CreateTempSubdirectory("edge-store").FullName;
    private protected readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private protected readonly List<UpdateReport> reports = [];
    private protected readonly UpdatePolicy policy;

    private protected StoreTests(UpdateTrial? trial = null)
    {
        policy = new UpdatePolicy { Trial = trial };
        policy.Keys.AddPem(key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllBytes(Factory, Version(1));
    }

    private protected string Store => Path.Combine(folder, "store");

    private protected string Stored => Path.Combine(Store, "model.edge");

    private protected string Factory => Path.Combine(folder, "factory.edge");

    public void Dispose()
    {
        policy.Keys.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A signed model; each version decides otherwise. Signed anew it is another file: a signature has a random part.</summary>
    private protected byte[] Version(ulong version) => TestModels.Signed(key, version, weight: version);

    private protected ModelUpdater Open() => ModelUpdater.Open(Store, File.Exists(Factory) ? Factory : null, policy, reports.Add);
}
