namespace EdgeInference.ModelConverter.Emit;

/// <summary>Emits a model in the form that is asked for.</summary>
internal static class NanoForms
{
    /// <summary>Emits a model; <see cref="EmitForm.Auto"/> says where straight-line code does not fit.</summary>
    /// <param name="bytes">The .edge file.</param>
    /// <param name="options">Names, and the form.</param>
    /// <exception cref="EdgeInference.ModelFormat.ModelFormatException">The file is not a valid model.</exception>
    /// <exception cref="InputException">The model does not fit the form, or a name cannot be compiled.</exception>
    internal static EmittedModel Emit(ReadOnlyMemory<byte> bytes, EmitOptions options)
    {
        EmittedModel model = Form(bytes, options);
        EmitNames.Check(model, options);
        return model;
    }

    private static EmittedModel Form(ReadOnlyMemory<byte> bytes, EmitOptions options)
    {
        switch (options.Form)
        {
            case EmitForm.Code:
                return NanoEmitter.Emit(bytes, options);
            case EmitForm.Table:
                return TableForm.Emit(bytes, options);
            case EmitForm.Resource:
                return ResourceForm.Emit(bytes, options);
        }

        if (NanoEmitter.TryEmit(bytes, options, out string obstacle) is { } code)
        {
            return code;
        }

        if (options.Counts is not null)
        {
            throw new InputException(obstacle);
        }

        bool isSmall = bytes.Length <= EmitContext.MaxConstantBytes;
        Notices.Say($"{obstacle} Writing the {(isSmall ? "table" : "resource")} form.");
        return isSmall ? TableForm.Emit(bytes, options) : ResourceForm.Emit(bytes, options);
    }
}
