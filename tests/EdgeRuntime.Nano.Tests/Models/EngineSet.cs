extern alias nano;

using System.Reflection;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.Nano.Tests.Emit;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Models;

/// <summary>A model on EdgeRuntime, on the whole nanoFramework engine, as emitted code, and on an engine emitted for it, whole and in chunks.</summary>
internal sealed class EngineSet : IDisposable
{
    private readonly EdgeModel model;
    private readonly Session session;
    private readonly nano::EdgeInference.Nano.NanoSession device;
    private readonly Type code;
    private readonly object[] emitted = [];

    /// <summary>Loads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="engines">Whether engines are emitted for it, which takes a compilation each.</param>
    internal EngineSet(byte[] file, bool engines = false)
    {
        model = EdgeModel.Load(file);
        session = model.CreateSession();
        device = new nano::EdgeInference.Nano.NanoSession(nano::EdgeInference.Nano.NanoModel.Load(file));
        code = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions()).Files)).GetType("Models.Model")!;
        if (engines)
        {
            var whole = CompiledEngine.For(file, classifier: false, chunks: false);
            var chunks = CompiledEngine.For(file, classifier: false, chunks: true);
            emitted = [whole.Session(whole.Load(file), true), chunks.Session(chunks.Load(file, 100), false)];
        }
    }

    internal bool AcceptsMissing => model.File.Decision.AcceptsMissing;

    public void Dispose()
    {
        session.Dispose();
        model.Dispose();
    }

    /// <summary>What each engine gives for a row, EdgeRuntime first.</summary>
    internal float[][] Run(float[] row)
    {
        float[][] outputs = [new float[session.OutputLength], new float[session.OutputLength]];
        session.Run(row, outputs[0]);
        device.Run(row, outputs[1]);
        return [.. outputs, EmittedCode.Run(code, row, model.File), .. emitted.Select(engine => CompiledEngine.Run(engine, row))];
    }
}
