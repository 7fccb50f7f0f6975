using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Devices;

/// <summary>Holds the model in use and passes a new one to every slot. A model is freed when no slot uses it any more.</summary>
public sealed class ModelHost : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<ModelSlot> slots = [];
    private readonly Func<EdgeModel, ModelExpectation> expect;
    private SharedModel shared;
    private byte[]? learned;
    private bool disposed;

    /// <summary>Creates a host, which owns the model.</summary>
    /// <param name="model">The first model.</param>
    /// <param name="version">Its version, 0 if it has none.</param>
    public ModelHost(EdgeModel model, ulong version)
        : this(model, version, ModelExpectation.Of)
    {
    }

    internal ModelHost(EdgeModel model, ulong version, Func<EdgeModel, ModelExpectation> expect)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.expect = expect;
        shared = new SharedModel(model, version, expect(model));
        InputLength = model.InputLength;
        OutputLength = model.OutputLength;
    }

    /// <summary>Number of values that every model of this host takes.</summary>
    public int InputLength { get; }

    /// <summary>Number of values that every model of this host gives.</summary>
    public int OutputLength { get; }

    /// <summary>Version of the newest model.</summary>
    public ulong Version
    {
        get
        {
            lock (gate)
            {
                return shared.Version;
            }
        }
    }

    /// <summary>
    /// What the model in use has learned, as a state file to keep (<c>LearnedStateFile</c>); each learned sample makes another.
    /// Null where nothing was learned. After a swap it stays that of the model before until the new one learns, so that a model that is
    /// taken back has it again. One slot learns: of several the last to learn is kept.
    /// </summary>
    public ReadOnlyMemory<byte>? LearnedState => Volatile.Read(ref learned) is { } state ? new ReadOnlyMemory<byte>(state) : (ReadOnlyMemory<byte>?)null;

    /// <summary>Gives every slot what was learned before, from its next decision on.</summary>
    /// <param name="state">A state file of the model in use.</param>
    /// <returns>Null, or why it is not used, in a sentence: then the model decides as the factory made it.</returns>
    public string? Restore(ReadOnlySpan<byte> state)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            byte[] bytes = state.ToArray();
            if (LearnedSentence(shared.Model, bytes) is { } problem)
            {
                return problem;
            }

            Volatile.Write(ref learned, bytes);
            foreach (ModelSlot slot in slots)
            {
                slot.Offer(new ModelInstance(shared, bytes));
                slot.FreeRetired();
            }

            return null;
        }
    }

    /// <summary>Creates a slot for one deciding thread.</summary>
    public ModelSlot CreateSlot()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var slot = new ModelSlot(this, new ModelInstance(shared, Volatile.Read(ref learned)));
            slots.Add(slot);
            return slot;
        }
    }

    /// <summary>Passes a new model to every slot, which uses it from its next decision; then owns the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">Its version, 0 if it has none.</param>
    /// <exception cref="ArgumentException">The model's number of inputs or outputs differs from the model in use, or a loop would not start with it; the caller keeps ownership of it.</exception>
    public void Swap(EdgeModel model, ulong version)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.InputLength != InputLength || model.OutputLength != OutputLength)
        {
            throw new ArgumentException($"The model takes {model.InputLength} values and returns {model.OutputLength}; the model in use takes {InputLength} and returns {OutputLength}.", nameof(model));
        }

        ModelExpectation expectation = expect(model);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (LoopRefusal(expectation) is { } reason)
            {
                throw new ArgumentException(reason);
            }

            var next = new SharedModel(model, version, expectation);

            // All sessions exist before the first slot sees one, so that a lack of memory leaves every slot as it was.
            ModelInstance[] instances = [.. slots.Select(_ => new ModelInstance(next, Volatile.Read(ref learned)))];
            for (int i = 0; i < instances.Length; i++)
            {
                slots[i].Offer(instances[i]);
                slots[i].FreeRetired();
            }

            shared.RemoveUser();
            shared = next;
        }
    }

    /// <summary>Frees models that no slot uses any more. Cheap if there are none; call it occasionally after a swap.</summary>
    public void FreeUnused()
    {
        lock (gate)
        {
            foreach (ModelSlot slot in slots)
            {
                slot.FreeRetired();
            }
        }
    }

    /// <summary>Frees the model. Decisions that are under way end; later ones of its slots throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            foreach (ModelSlot slot in slots)
            {
                slot.FreeAll();
            }

            slots.Clear();
            shared.RemoveUser();
        }
    }

    /// <summary>
    /// Why another model must not follow: its contract is not that of the newest model, or a loop would not start with it.
    /// Null where nothing speaks against it.
    /// </summary>
    internal string? Refusal(EdgeModel other, bool allowOtherContract)
    {
        ModelExpectation expectation = expect(other);
        lock (gate)
        {
            return (allowOtherContract ? null : shared.Expectation.Difference(expectation)) ?? LoopRefusal(expectation);
        }
    }

    /// <summary>Why another model does not take along what was learned, in a sentence; null where it does, or nothing was learned.</summary>
    internal string? LearnedRefusal(EdgeModel other) => Volatile.Read(ref learned) is { } state ? LearnedSentence(other, state) : null;

    /// <summary>Takes what a slot has learned.</summary>
    /// <returns>Whether there is anything.</returns>
    internal bool Keep(byte[]? state)
    {
        if (state is not null)
        {
            Volatile.Write(ref learned, state);
        }

        return state is not null;
    }

    private static string? LearnedSentence(EdgeModel model, byte[] state)
    {
        if (AdaptiveClassifier.HeadsOf(model) == LearningHeads.None)
        {
            return "The adapted state is not used: the model was not prepared to learn; the model decides as the factory made it.";
        }

        using var learner = new AdaptiveClassifier(model);
        return learner.Restore(state);
    }

    private string? LoopRefusal(ModelExpectation expectation) => slots.Select(slot => slot.Requirement?.Invoke(expectation)).FirstOrDefault(reason => reason is not null);

    internal void Remove(ModelSlot slot)
    {
        lock (gate)
        {
            if (slots.Remove(slot))
            {
                slot.FreeAll();
            }
        }
    }
}
