namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Policies that trust the key of these tests.</summary>
internal static class TestPolicy
{
    internal static UpdatePolicy Trusting()
    {
        var policy = new UpdatePolicy();
        policy.Keys.AddPem(Models.Key.ExportSubjectPublicKeyInfoPem());
        return policy;
    }

    internal static UpdatePolicy Unsigned() => new() { RequireSignature = false };
}
